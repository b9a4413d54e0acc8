import type { DecodedMessage, Facts } from '../model/event.ts';

export function extractFacts(_message: DecodedMessage): Facts {
  return { ids: [], causes: [], keys: [] };
}
