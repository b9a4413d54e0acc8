/** An option of a connection, as a field of the form. */
export interface OptionField {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'choice';
  readonly values: readonly string[];
  readonly help?: string;
  /** What holds where it is not given. */
  readonly usual?: string;
}

/** Passwords have their own field, which never shows them. */
const secret = /password|passwd|secret|token/i;

/** Reads the fields out of a JSON Schema; what it cannot make a field of is left to the URL. */
export function readOptions(schema: Readonly<Record<string, unknown>>): OptionField[] {
  return Object.entries(asRecord(schema['properties'])).flatMap(([name, value]): OptionField[] => {
    const property = asRecord(value);
    if (secret.test(name)) return [];
    const values = Array.isArray(property['enum']) ? property['enum'].map(String) : [];
    const type = Array.isArray(property['type']) ? property['type'][0] : property['type'];
    const kind =
      values.length > 0
        ? 'choice'
        : type === 'boolean'
          ? 'boolean'
          : type === 'integer' || type === 'number'
            ? 'number'
            : type === 'object' || type === 'array'
              ? undefined
              : 'text';
    if (!kind) return [];
    const help = property['description'];
    const usual = plainText(property['default']);
    return [
      {
        name,
        kind,
        values,
        ...(typeof help === 'string' ? { help } : {}),
        ...(usual === undefined ? {} : { usual }),
      },
    ];
  });
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function plainText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
