import type { DeliveryDto, EventHeadDto } from '../../app/contract/page.ts';
import { deliveryLooks, standings } from './deliveries.ts';
import { absolute, count, delta, tail } from './format.ts';
import { Icon } from './icon.tsx';
import { SystemMark } from './system-mark.tsx';
import './event-chip.css';

interface EventChipProps {
  readonly event: EventHeadDto;
  /** How many events the chip stands for. */
  readonly events?: number;
  /** Start of the trace, epoch ms; without it the chip says no time. */
  readonly start?: number;
  readonly deliveries?: readonly DeliveryDto[];
  readonly selected?: boolean;
}

const marksShown = 5;

/** What an event is called: "OrderPlaced on orders". */
export function eventName({ type, channel }: Pick<EventHeadDto, 'type' | 'channel'>): string {
  return `${type ?? 'event'} on ${channel.name}`;
}

/** What tells an event from others of its type: its message key, or else the first of its correlation keys. */
function chipKey({ key, keys }: Pick<EventHeadDto, 'key' | 'keys'>): string | undefined {
  return key || keys[0]?.value;
}

/**
 * An event wherever it appears: type, channel, the key's last characters, time since the trace began, who handled it.
 * It is for the eye: whatever holds it says in words which event it is.
 */
export function EventChip({ event, events = 1, start, deliveries = [], selected }: EventChipProps) {
  const consumers = standings(deliveries);
  const key = chipKey(event);
  const bad = consumers.some(({ status }) => deliveryLooks[status].tone === 'bad');
  return (
    <div
      className={`event-chip ${event.channel.system} ${selected ? 'selected' : ''} ${bad ? 'bad' : ''}`}
      aria-hidden="true"
    >
      <div className="event-chip-line">
        <span
          className={`event-type ellipsis ${event.type === undefined ? 'unnamed' : ''}`}
          title={event.type}
        >
          {event.type ?? (event.format === 'tombstone' ? 'tombstone' : 'no type')}
        </span>
        {events > 1 && <span className="event-count">×{count(events)}</span>}
      </div>
      <div className="event-chip-line">
        <SystemMark system={event.channel.system} silent />
        <span className="event-channel ellipsis" title={event.channel.name}>
          {event.channel.name}
        </span>
        {key !== undefined && (
          <span className="event-key" title={key}>
            {tail(key, 5)}
          </span>
        )}
        {start !== undefined && (
          <span className="event-time" title={absolute(event.time)}>
            {delta(event.time - start)}
          </span>
        )}
      </div>
      {consumers.length > 0 && (
        <div className="event-marks">
          {consumers.slice(0, marksShown).map(({ consumer, status }) => (
            <span
              key={consumer}
              className={`event-mark ${deliveryLooks[status].tone}`}
              title={`${consumer}: ${deliveryLooks[status].word.toLowerCase()}`}
            >
              <Icon name={deliveryLooks[status].icon} size={11} />
            </span>
          ))}
          {consumers.length > marksShown && (
            <span className="event-mark more">+{consumers.length - marksShown}</span>
          )}
        </div>
      )}
    </div>
  );
}
