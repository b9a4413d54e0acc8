import { Checkbox } from '@base-ui/react/checkbox';
import { useState } from 'react';
import type { ChannelChoice } from '../../../app/contract/page.ts';
import { Choice } from '../../widgets/choice.tsx';
import { count, counted } from '../../widgets/format.ts';
import { Icon } from '../../widgets/icon.tsx';

/** Which channels: all, also those that come later, or these by name. */
export type ChannelSelection = 'all' | readonly string[];

interface ChannelPickerProps {
  readonly choices: readonly ChannelChoice[];
  readonly value: ChannelSelection;
  onChange(value: ChannelSelection): void;
}

/** Chooses channels. Internal ones come last and are not chosen by themselves. */
export function ChannelPicker({ choices, value, onChange }: ChannelPickerProps) {
  const [filter, setFilter] = useState('');
  const sorted = choices.toSorted(
    (a, b) => Number(a.internal) - Number(b.internal) || a.channel.name.localeCompare(b.channel.name),
  );
  const shown = sorted.filter(({ channel }) => channel.name.toLowerCase().includes(filter.toLowerCase()));
  const usual = sorted.filter(({ internal }) => !internal).map(({ channel }) => channel.name);
  const chosen = new Set(value === 'all' ? usual : value);
  const set = (name: string, on: boolean): void => {
    const next = new Set(chosen);
    if (on) next.add(name);
    else next.delete(name);
    onChange([...next]);
  };
  return (
    <fieldset className="channel-picker">
      <legend>Channels</legend>
      <Choice checked={value === 'all'} onChange={(all) => onChange(all ? 'all' : usual)}>
        All channels, also future ones
        <span className="channel-note">{counted(usual.length, 'channel')} found</span>
      </Choice>
      {choices.length > 8 && (
        <input
          className="input slim"
          type="text"
          placeholder="Filter channels"
          aria-label="Filter channels"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      )}
      <ul className="channel-list">
        {shown.map(({ channel, partitions, held, internal, means }) => (
          <li key={`${channel.kind} ${channel.name}`}>
            <label className="choice">
              <Checkbox.Root
                className="check"
                checked={chosen.has(channel.name)}
                onCheckedChange={(on) => set(channel.name, on)}
              >
                <Checkbox.Indicator>
                  <Icon name="check" size={12} />
                </Checkbox.Indicator>
              </Checkbox.Root>
              <span className="channel-name ellipsis" title={channel.name}>
                {channel.name}
              </span>
              <span className="channel-note">
                {[
                  channel.kind,
                  ...(partitions === undefined ? [] : [counted(partitions, 'partition')]),
                  ...(held === undefined ? [] : [`${count(held)} held`]),
                  ...(means === undefined ? [] : [means]),
                  ...(internal ? ['internal'] : []),
                ].join(' · ')}
              </span>
            </label>
          </li>
        ))}
        {shown.length === 0 && (
          <li className="channel-note">
            {choices.length === 0 ? 'There are no channels yet.' : `No channel’s name holds “${filter}”.`}
          </li>
        )}
      </ul>
    </fieldset>
  );
}
