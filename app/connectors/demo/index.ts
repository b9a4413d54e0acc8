import type { Connector } from '../../model/source.ts';
import { demoOptions, parseDemoUrl } from './options.ts';
import { createDemoSource } from './source.ts';

/**
 * The live demo: a made-up shop of seven services and three systems, played in this process from a seed. Its messages
 * take the way of any others; no broker is contacted.
 *
 * It begins with a quarter of an hour of history, and goes on live. Its place is stored as a position of one of its
 * channels, so that a restart goes on where it was, with the same names; hence also its id: one that is removed and added
 * again is the same shop, and goes on too.
 */
export const demoConnector: Connector = {
  description: {
    system: 'demo',
    title: 'Live demo',
    protocols: ['demo'],
    example: 'demo://?seed=1',
    capabilities: { resumes: true, looksBack: false, history: true },
    options: demoOptions,
  },
  identify: (url) => parseDemoUrl(url).cluster,
  open: (config) => Promise.resolve().then(() => createDemoSource(parseDemoUrl(config.url), config)),
};
