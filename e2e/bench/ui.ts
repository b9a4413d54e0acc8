import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import type { LargeMapOptions } from '../fake-engine/large-map.ts';
import { openBrowser } from '../fake-engine/browser.ts';
import { startFakeEngine } from '../fake-engine/server.ts';
import { LargeMap } from '../fake-engine/large-map.ts';
import { serveBareFlow } from './ui/bare-server.ts';
import { firstPaint, longestBlock, panning, watchPage } from './ui/in-page.ts';

const rounds = 3;
/** ms of panning in each round. */
const measured = 4000;
const perSecond = 1000;
const sizes = {
  '50': { participants: 20, channels: 30 },
  '500': { participants: 190, channels: 310 },
  '1000': { participants: 385, channels: 615 },
} as const;
/** What the interface must carry without a stutter. */
const company = { participants: 50, channels: 80 };

const say = (line: string) => process.stderr.write(`${line}\n`);
const round2 = (value: number) => Number(value.toPrecision(2));

/**
 * The live Map beside a bare React Flow with the same nodes, edges and places, which nothing changes: how long frames
 * take while both are panned, how soon they are painted, and how long the Map ever blocks its thread.
 */
export async function ui(): Promise<Record<string, unknown>> {
  say('Building both pages …');
  await build({ logLevel: 'warn' });
  await build({ configFile: false, root: `${import.meta.dirname}/ui`, logLevel: 'warn', build: bareBuild });
  const browser = await openBrowser();
  try {
    const frameRatio: Record<string, number> = {};
    const frameMs: Record<string, readonly [ours: number, bare: number]> = {};
    const blocks: Record<string, number> = {};
    for (const [size, options] of Object.entries(sizes)) {
      const { ours, bare, block } = await compare(browser, options);
      frameRatio[size] = round2(median(ours.frames) / median(bare.frames));
      frameMs[size] = [round2(median(ours.frames)), round2(median(bare.frames))];
      blocks[size] = Math.round(median(block));
    }
    const { ours, bare, cold, block } = await compare(browser, company);
    return {
      bench: 'ui',
      frameRatio,
      frameMs,
      firstPaintRatio: round2(median(ours.paints) / median(bare.paints)),
      firstPaintMs: [Math.round(median(ours.paints)), Math.round(median(bare.paints))],
      /** Nothing remembered: layout included. */
      firstPaintAnewMs: Math.round(cold),
      longestBlockMs: Math.round(median(block)),
      longestBlockMsBySize: blocks,
      rounds,
    };
  } finally {
    await browser.close();
  }
}

const bareBuild = { outDir: '../../../.cache/bare-flow', emptyOutDir: true, modulePreload: false };

interface Measures {
  /** p95 of each round, ms. */
  readonly frames: number[];
  readonly paints: number[];
}

async function compare(browser: Browser, map: Pick<LargeMapOptions, 'participants' | 'channels'>) {
  const nodes = map.participants + map.channels;
  const engine = await startFakeEngine({ port: 0, map: { ...map, rate: perSecond } });
  const busy = setInterval(() => engine.stir(), 100);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const ours: Measures = { frames: [], paints: [] };
  const bare: Measures = { frames: [], paints: [] };
  /** The longest of each visit, ms. */
  const block: number[] = [];
  const visit = async (url: string, into: Measures): Promise<Page> => {
    const page = await context.newPage();
    await page.addInitScript(watchPage, nodes);
    await page.goto(url);
    into.paints.push(await page.evaluate(firstPaint));
    await page.waitForTimeout(500);
    const frames = await page.evaluate(panning, measured);
    into.frames.push(at(frames, 0.95));
    return page;
  };
  try {
    const first: Measures = { frames: [], paints: [] };
    const page = await visit(`${engine.url}/map`, first);
    block.push(await page.evaluate(longestBlock));
    const remembered = await page.evaluate(() => localStorage.getItem('headwater.map-places') ?? '[]');
    await page.close();
    const places = JSON.parse(remembered) as [id: string, x: number, y: number][];
    const { edges } = new LargeMap(map, 0).topology(1);
    const other = await serveBareFlow({ places, edges });
    try {
      for (let round = 1; round <= rounds; round++) {
        const again = await visit(`${engine.url}/map`, ours);
        block.push(await again.evaluate(longestBlock));
        await again.close();
        await (await visit(other.url, bare)).close();
        say(
          `${nodes} nodes, round ${round}: p95 of a frame ${ours.frames.at(-1)?.toFixed(1)} ms, ` +
            `bare ${bare.frames.at(-1)?.toFixed(1)} ms; painted after ${Math.round(ours.paints.at(-1) ?? 0)} ms, ` +
            `bare ${Math.round(bare.paints.at(-1) ?? 0)} ms; longest block ${Math.round(block.at(-1) ?? 0)} ms`,
        );
      }
    } finally {
      other.close();
    }
    return { ours, bare, block, cold: first.paints[0] ?? 0 };
  } finally {
    clearInterval(busy);
    await context.close();
    await engine.close();
  }
}

function at(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? 0;
}

function median(values: readonly number[]): number {
  return at(values, 0.5);
}
