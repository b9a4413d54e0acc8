import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { runShop } from './shop/shop.ts';
import { readTruth } from './shop/truth.ts';
import { describeWith } from './support/brokers.ts';
import { command } from './support/headwater.ts';
import { temporaryDir } from './support/temporary.ts';

const headwater = (...args: string[]) =>
  promisify(execFile)(process.execPath, [command, ...args], { maxBuffer: 1 << 28 });

describeWith(['kafka', 'rabbitmq', 'redis'], 'recording without a UI', (brokers) => {
  it('writes what moved through three brokers into a capture that the command reads', async () => {
    const dir = await temporaryDir();
    const capture = join(dir, 'shop.hwcap');
    const urls = [brokers().kafka.url, brokers().rabbitmq.url, brokers().redis.url];
    const recording = spawn(
      process.execPath,
      [command, 'record', ...urls.flatMap((u) => ['--connection', u]), '--until-idle', '8s', '-o', capture],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let stderr = '';
    recording.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const ended = once(recording, 'exit');
    await new Promise<void>((resolve) => {
      recording.stderr.on('data', () => {
        if (stderr.includes('Recording')) resolve();
      });
    });
    const prefix = `r${randomBytes(3).toString('hex')}-`;
    const shop = await runShop({
      brokers: {
        kafka: brokers().kafka.bootstrap,
        rabbitmq: brokers().rabbitmq.amqpUrl,
        redis: brokers().redis.url,
      },
      rate: 20,
      orders: 20,
      seed: prefix,
      prefix,
      logDir: dir,
    });
    await shop.done;
    expect([await ended, stderr]).toMatchObject([[0, null], expect.stringContaining('Wrote')]);

    const truth = readTruth(dir);
    const traces = JSON.parse((await headwater('traces', capture, '--json')).stdout) as {
      keys: { name: string; value: string }[];
      events: { id: string }[];
    }[];
    const order = [...truth.orders.keys()][7] ?? '';
    const mine = traces.filter((t) => t.keys.some((k) => k.name === 'orderId' && k.value === order));
    expect(mine).toHaveLength(1);
    expect(mine[0]?.events.length).toBeGreaterThanOrEqual(truth.orders.get(order)?.length ?? Infinity);
    expect(new Set(traces.flatMap((t) => t.events.map((e) => e.id))).size).toBe(truth.events.length);

    const { stdout: text } = await headwater('trace', capture, '--key', `orderId=${order}`);
    expect(text).toContain('OrderPlaced');
    const topology = JSON.parse((await headwater('topology', capture, '--json')).stdout) as {
      channels: { name: string }[];
    };
    expect(topology.channels.map((c) => c.name)).toEqual(
      expect.arrayContaining([`${prefix}orders`, `${prefix}payments`, `${prefix}shipments`]),
    );
  });

  it('fails with a sentence when a broker can never be reached', async () => {
    const dir = await temporaryDir();
    const args = ['record', '--connection', 'redis://127.0.0.1:1', '--for', '2s', '-o', join(dir, 'x.hwcap')];
    await expect(headwater(...args)).rejects.toMatchObject({
      code: 3,
      stderr: expect.stringContaining('127.0.0.1:1') as string,
    });
    await expect(headwater('record', '-o', 'x')).rejects.toMatchObject({ code: 2, stdout: '' });
  });
});
