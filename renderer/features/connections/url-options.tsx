import { Collapsible } from '@base-ui/react/collapsible';
import { Choice } from '../../widgets/choice.tsx';
import { Field } from '../../widgets/field.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { optionOf, withOption } from './connection-url.ts';
import { readOptions } from './option-schema.ts';

interface UrlOptionsProps {
  /** JSON Schema of the options of this kind of connection. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly url: string;
  onUrl(url: string): void;
}

/** The options of a connection as fields; the URL's query is where they live. */
export function UrlOptions({ schema, url, onUrl }: UrlOptionsProps) {
  const options = readOptions(schema);
  if (options.length === 0) return null;
  return (
    <Collapsible.Root className="advanced">
      <Collapsible.Trigger className="button quiet advanced-toggle">
        <Icon name="right" size={12} />
        Advanced
      </Collapsible.Trigger>
      <Collapsible.Panel className="advanced-fields">
        {options.map(({ name, kind, values, help, usual }) => {
          const value = optionOf(url, name) ?? '';
          const set = (next: string): void => onUrl(withOption(url, name, next));
          if (kind === 'boolean')
            return (
              <Choice
                key={name}
                checked={value === '' ? usual === 'true' : value === 'true'}
                onChange={(on) => set(String(on))}
              >
                {name}
                {help && <span className="channel-note">{help}</span>}
              </Choice>
            );
          if (kind === 'choice')
            return (
              <div key={name} className="field">
                <span className="field-label">{name}</span>
                <select
                  className="select"
                  aria-label={name}
                  value={value}
                  onChange={(event) => set(event.target.value)}
                >
                  <option value="">{usual === undefined ? 'not set' : `${usual} (usual)`}</option>
                  {values.map((each) => (
                    <option key={each} value={each}>
                      {each}
                    </option>
                  ))}
                </select>
                {help && <div className="field-help">{help}</div>}
              </div>
            );
          return (
            <Field
              key={name}
              label={name}
              help={help}
              inputMode={kind === 'number' ? 'numeric' : undefined}
              placeholder={usual}
              value={value}
              onChange={(event) => set(event.target.value)}
            />
          );
        })}
      </Collapsible.Panel>
    </Collapsible.Root>
  );
}
