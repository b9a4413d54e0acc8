import { useState } from 'react';
import type { ConnectionDto } from '../../../app/contract/page.ts';
import { kindWords } from '../../canvas/map-words.ts';
import { Button } from '../../widgets/button.tsx';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { absolute, count, counted, period, rate } from '../../widgets/format.ts';
import { Icon } from '../../widgets/icon.tsx';
import { Ago } from '../../widgets/time.tsx';

type Channels = ConnectionDto['active'];
type Gap = Channels[number]['gaps'][number];

/** Each channel that is read, with its rate and what was missed. */
export function ChannelStates({ channels }: { readonly channels: Channels }) {
  return (
    <table className="channel-states">
      <thead>
        <tr>
          <th scope="col">Channel</th>
          <th scope="col">Kind</th>
          <th scope="col" className="number">
            Rate
          </th>
          <th scope="col" className="number">
            Events
          </th>
          <th scope="col">Not read</th>
        </tr>
      </thead>
      <tbody>
        {channels.map(({ channel, events, rate: perSecond, gaps }) => (
          <tr key={`${channel.kind} ${channel.name}`}>
            <th scope="row">{channel.name}</th>
            <td className="faint">{kindWords[channel.kind]}</td>
            <td className="number">{rate(perSecond)}</td>
            <td className="number">{count(events)}</td>
            <td>
              {gaps.length === 0 ? (
                <span className="faint">no gaps</span>
              ) : (
                gaps.map((gap) => <GapWords key={JSON.stringify(gap)} gap={gap} />)
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function GapWords({ gap: { from, to, count: missing, reason } }: { readonly gap: Gap }) {
  const [now] = useState(Date.now);
  const exact = [from, to].flatMap((time) => (time === undefined ? [] : absolute(time))).join(' to ');
  return (
    <p className="gap">
      <Icon name="alert" size={14} />
      <span>
        {missing !== undefined && `${counted(missing, 'event')}: `}
        {reason}
        {exact && (
          <span className="gap-times" title={exact}>
            {period(from, to, now)}
          </span>
        )}
      </span>
    </p>
  );
}

interface HeldProps {
  readonly effects: ConnectionDto['sideEffects'];
  /** The connection is down, and this should not be there any more. */
  readonly left: boolean;
}

/** What Headwater holds on the broker right now, or has left there. */
export function Held({ effects, left }: HeldProps) {
  if (effects.length === 0) return null;
  return (
    <div className={left ? 'held left' : 'held'}>
      <h3>{left ? 'Left on the broker' : 'Held on the broker now'}</h3>
      {left && (
        <p>
          Headwater could not take this back when it stopped. Connect, and it does; what can be undone by hand
          says how.
        </p>
      )}
      <ul>
        {effects.map(({ type, target, description, undoByHand }) => (
          <li key={`${type} ${target}`}>
            <code>{target}</code> {description}
            {left && undoByHand !== undefined && (
              <span className="by-hand">
                By hand: <code>{undoByHand}</code> <CopyButton what="the command" text={undoByHand} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

const alertIcons = { info: 'info', warning: 'alert', error: 'alert' } as const;
const alertsShown = 5;

/** What was noteworthy, newest first. */
export function Alerts({ alerts }: { readonly alerts: ConnectionDto['alerts'] }) {
  const [all, setAll] = useState(false);
  if (alerts.length === 0) return null;
  const newest = alerts.toSorted((a, b) => b.time - a.time);
  return (
    <ul className="alerts" aria-label="Alerts">
      {newest.slice(0, all ? newest.length : alertsShown).map((alert) => (
        <li key={JSON.stringify(alert)} className={alert.severity}>
          <Icon name={alertIcons[alert.severity]} size={14} />
          <span>{alert.message}</span>
          <Ago time={alert.time} />
        </li>
      ))}
      {newest.length > alertsShown && (
        <li>
          <Button look="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Fewer alerts' : counted(newest.length - alertsShown, 'older alert')}
          </Button>
        </li>
      )}
    </ul>
  );
}
