import amqp, { type Channel, type ChannelModel } from 'amqplib';
import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { rabbitmqConnector } from '../../app/connectors/rabbitmq/index.ts';
import type { Delivery } from '../../app/model/delivery.ts';
import type { Source } from '../../app/model/source.ts';
import { startRabbitmq, type RabbitmqBroker } from '../brokers/rabbitmq.ts';
import { eventually } from '../support/eventually.ts';
import { memoryJournal, record, textOf, type Recording } from './read-source.ts';

let broker: RabbitmqBroker;
let management: URL;
let host: string;
let app: ChannelModel;
let channel: Channel;
let vhost = '';
let count = 0;
const sources: Source[] = [];
const never = new AbortController().signal;

const login = (user: string, password: string) => `Basic ${btoa(`${user}:${password}`)}`;

async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${management.origin}/api/${path}`, {
    method,
    headers: { authorization: login('guest', 'guest'), 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

const at = (path: string) => `${path}/${encodeURIComponent(vhost)}`;
const urlFor = (user: string, more = '') =>
  `amqp://${user}@${host}/${encodeURIComponent(vhost)}?management=${management.origin}${more}`;

async function open(url = urlFor('guest'), secret = 'guest', journal = memoryJournal()): Promise<Source> {
  const config = { connection: 'c', url, secret, cluster: 'prod', journal, now: Date.now };
  const source = await rabbitmqConnector.open(config, never);
  sources.push(source);
  return source;
}

/** Everything in the virtual host that an observer could change. */
async function state(): Promise<unknown> {
  const pick = (list: Record<string, unknown>[], ...fields: string[]) =>
    list.map((item) => JSON.stringify(fields.map((f) => item[f]))).toSorted((a, b) => a.localeCompare(b));
  const { description, tags, tracing, metadata } = await api<Record<string, unknown>>('GET', at('vhosts'));
  return {
    vhost: { description, tags, tracing, metadata },
    queues: pick(await api('GET', at('queues')), 'name', 'arguments'),
    exchanges: pick(await api('GET', at('exchanges')), 'name', 'type', 'arguments'),
    bindings: pick(await api('GET', at('bindings')), 'source', 'destination', 'routing_key', 'arguments'),
  };
}

async function makeUser(name: string, tags: string, permission: string | undefined): Promise<void> {
  await api('PUT', `users/${name}`, { password: 's3cret', tags });
  if (permission === undefined) return;
  await api('PUT', `permissions/${encodeURIComponent(vhost)}/${name}`, {
    configure: permission,
    write: permission,
    read: '.*',
  });
}

const attached = (reading: Recording) =>
  eventually('it reads', () => {
    if (reading.error !== undefined) throw reading.error as Error;
    return reading.coverage.some((c) => c.state === 'read');
  });

beforeAll(async () => {
  broker = await startRabbitmq({ security: true });
  management = new URL(broker.managementUrl);
  host = new URL(broker.amqpUrl.replace('amqp:', 'http:')).host;
});
afterAll(() => broker.dispose());

beforeEach(async () => {
  vhost = `orders/${++count}`;
  await api('PUT', at('vhosts'), { description: 'Order processing', tags: 'shop,live' });
  await api('PUT', `permissions/${encodeURIComponent(vhost)}/guest`, {
    configure: '.*',
    write: '.*',
    read: '.*',
  });
  app = await amqp.connect(`amqp://guest:guest@${host}/${encodeURIComponent(vhost)}`, {
    clientProperties: { connection_name: 'payments' },
  });
  app.on('error', () => {});
  channel = await app.createChannel();
  await channel.assertExchange('payments', 'topic');
  await channel.assertExchange('dead', 'fanout');
  await channel.assertQueue('charges', { deadLetterExchange: 'dead' });
  await channel.assertQueue('graveyard');
  await channel.bindQueue('charges', 'payments', 'charge.#');
  await channel.bindQueue('graveyard', 'dead', '');
  return async () => {
    await Promise.all(sources.splice(0).map((source) => source.close()));
    await app.close().catch(() => {});
    await api('DELETE', at('vhosts'));
  };
});

describe('the firehose', () => {
  const deliveriesOf = (reading: Recording, event: string | undefined, status?: Delivery['status']) =>
    reading.deliveries.filter(
      (d) =>
        'event' in d.subject && d.subject.event === event && (status === undefined || d.status === status),
    );

  test('lists what it will change, changes it, and puts everything back', async () => {
    const before = await state();
    const journal = memoryJournal();
    const source = await open(undefined, undefined, journal);
    const effects = await source.sideEffects('all');
    expect(effects.map((e) => e.type).toSorted()).toEqual([
      'rabbitmq.binding',
      'rabbitmq.binding',
      'rabbitmq.queue',
      'rabbitmq.tracing',
    ]);
    expect(effects.find((e) => e.type === 'rabbitmq.tracing')?.description).toMatch(/7,000 to 9,000/);
    expect(await state()).toEqual(before);

    const reading = record(source);
    await attached(reading);
    expect(journal.open.map((e) => e.type)).toEqual(['rabbitmq.tracing']);
    expect(await state()).not.toEqual(before);
    expect(await api('GET', at('vhosts'))).toMatchObject({
      tracing: true,
      description: 'Order processing',
      tags: ['shop', 'live'],
    });
    await reading.stop();
    expect(reading.error).toBeUndefined();
    expect(await state()).toEqual(before);
    expect(journal.open).toEqual([]);
    await source.close();
    await source.close();
  });

  test('shows what was published, where it went, and who was handed it', async () => {
    await eventually(
      'the broker tells the name of the connection',
      () => api<{ client_properties?: { connection_name?: string } }[]>('GET', 'connections'),
      (all) => all.some((c) => c.client_properties?.connection_name === 'payments'),
    );
    const reading = record(await open());
    await attached(reading);
    channel.publish('payments', 'charge.requested', Buffer.from('{"orderId":"12345"}'), {
      messageId: 'm1',
      correlationId: 'c-9',
      appId: 'payments',
      type: 'ChargeRequested',
      timestamp: 1_700_000_000,
      contentType: 'application/json',
      headers: { 'x-tenant': 'acme', n: 7, raw: Buffer.from([0xff]) },
    });
    const consumer = await amqp.connect(`amqp://guest:guest@${host}/${encodeURIComponent(vhost)}`, {
      clientProperties: { connection_name: 'billing' },
    });
    onTestFinished(() => consumer.close().catch(() => {}));
    const consuming = await consumer.createChannel();
    let seen = 0;
    await consuming.consume('charges', (m) => m && (seen++ === 0 ? consuming.nack(m) : consuming.ack(m)));
    await eventually('handed out twice', () => reading.deliveries.length >= 2);
    const [message] = reading.messages;
    expect(message).toMatchObject({
      channel: { system: 'rabbitmq', cluster: 'prod', name: 'payments', kind: 'exchange' },
      id: 'rabbitmq/prod/payments/m1',
      clock: 'observer',
      routingKey: 'charge.requested',
      headers: [
        ['x-tenant', 'acme'],
        ['n', '7'],
        ['raw', Buffer.from([0xff])],
      ],
      properties: {
        message_id: 'm1',
        correlation_id: 'c-9',
        app_id: 'payments',
        type: 'ChargeRequested',
        timestamp: 1_700_000_000,
        content_type: 'application/json',
      },
      producer: 'payments',
      notes: { vhost, user: 'guest', routed_queues: ['charges'], channel: 1 },
    });
    expect(textOf(message)).toBe('{"orderId":"12345"}');
    // The broker tells a new connection's name late; the deliveries wait for it.
    expect(deliveriesOf(reading, message?.id)).toMatchObject([
      { status: 'delivered', consumer: 'billing', via: 'charges', evidence: 'firehose' },
      { status: 'redelivered', consumer: 'billing', via: 'charges' },
    ]);
    const billing = await eventually(
      'its subscription',
      () => reading.topology?.subscriptions.find((s) => s.channel.name === 'charges'),
      Boolean,
      { withinMs: 15_000 },
    );
    expect(billing).toMatchObject({ consumer: 'billing', channel: { kind: 'queue' } });
    await reading.stop();
  });

  test('shows a dead letter at once, though nobody consumes it', async () => {
    const reading = record(await open());
    await attached(reading);
    channel.publish('payments', 'charge.bad', Buffer.from('with id'), { messageId: 'm1' });
    channel.publish('payments', 'charge.bad', Buffer.from('without'), {
      headers: { b: 1, a: 2 },
      expiration: '60000',
    });
    await channel.consume('charges', (m) => m && channel.nack(m, false, false));
    await eventually(
      'two',
      () => reading.deliveries.filter((d) => d.status === 'dead-lettered').length === 2,
    );
    expect(reading.messages.map(textOf)).toEqual(['with id', 'without']);
    for (const message of reading.messages) {
      const [dead] = deliveriesOf(reading, message.id, 'dead-lettered');
      expect(dead).toMatchObject({
        consumer: 'payments',
        via: 'charges (rejected)',
        evidence: 'dead-letter-header',
      });
      expect(dead!.before! - dead!.after!).toBe(1000);
    }
    await channel.consume('graveyard', (m) => m && channel.ack(m));
    await eventually('buried', () => reading.deliveries.some((d) => d.via === 'graveyard'));
    await reading.stop();
    expect(reading.messages).toHaveLength(2);
    expect(reading.deliveries.filter((d) => d.status === 'dead-lettered')).toHaveLength(2);
  });

  test('names publishes to the default exchange by their queue, and equal messages apart', async () => {
    const reading = record(await open());
    await attached(reading);
    for (let i = 0; i < 3; i++) channel.sendToQueue('charges', Buffer.from('same'), { messageId: 'm' });
    for (let i = 0; i < 3; i++) channel.sendToQueue('charges', Buffer.from('same'));
    await channel.consume('charges', (m) => m && channel.ack(m));
    await eventually('six handed out', () => reading.deliveries.length === 6);
    expect(reading.messages.map((m) => m.channel)).toMatchObject(
      Array.from({ length: 6 }, () => ({ kind: 'queue', name: 'charges' })),
    );
    expect(reading.messages.slice(0, 3).map((m) => m.id)).toEqual(
      ['', '#2', '#3'].map((n) => `rabbitmq/prod/(default)/charges/m${n}`),
    );
    const ids = reading.messages.map((m) => m.id);
    expect(new Set(ids).size).toBe(6);
    expect(reading.deliveries.map((d) => ('event' in d.subject ? d.subject.event : ''))).toEqual(ids);
    await reading.stop();
  });

  test('shows what was published before it came, when it is delivered', async () => {
    channel.publish('payments', 'charge.early', Buffer.from('early'), { messageId: 'm0' });
    const reading = record(await open());
    await attached(reading);
    await channel.consume('charges', (m) => m && channel.ack(m));
    await eventually('handed out', () => reading.deliveries.length === 1);
    expect(reading.messages).toMatchObject([
      { id: 'rabbitmq/prod/payments/m0', notes: { note: 'first seen when delivered' }, producer: undefined },
    ]);
    await reading.stop();
  });

  test('keeps to the chosen exchanges', async () => {
    await channel.assertExchange('other', 'fanout');
    const reading = record(await open(), { channels: ['payments'] });
    await attached(reading);
    channel.publish('other', '', Buffer.from('not asked for'));
    channel.sendToQueue('charges', Buffer.from('nor this'));
    channel.publish('payments', 'charge.x', Buffer.from('but this'));
    await channel.consume('charges', (m) => m && channel.ack(m));
    await eventually('it is delivered', () => reading.deliveries.length === 1);
    expect(reading.messages.map(textOf)).toEqual(['but this']);
    await reading.stop();
  });

  test('marks from when to when it listened, and what it missed while tracing was off', async () => {
    const reading = record(await open());
    await attached(reading);
    const { description } = await api<{ description: string }>('GET', at('vhosts'));
    await api('PUT', at('vhosts'), { description, tags: 'shop,live', tracing: false });
    const gap = await eventually('a gap', () => reading.coverage.find((c) => c.state === 'gap'), Boolean, {
      withinMs: 15_000,
    });
    expect(gap).toMatchObject({ reason: expect.stringContaining('tracing') as string });
    expect(gap!.to).toBeGreaterThan(gap!.from!);
    expect(await api('GET', at('vhosts'))).toMatchObject({ tracing: true });
    channel.publish('payments', 'charge.x', Buffer.from('again'), { messageId: 'm1' });
    await eventually('it hears again', () => reading.messages.length === 1);
    const later = await eventually('a later mark', () =>
      reading.coverage.find(
        (c) => c.state === 'read' && c.from! >= gap!.to! && c.channel.name === 'payments',
      ),
    );
    expect(later).toBeDefined();
    await reading.stop();
    expect(await api('GET', at('vhosts'))).toMatchObject({ tracing: false });
  });

  test('leaves tracing on where it was on, and needs no administrator then', async () => {
    await makeUser('watcher', 'monitoring', '^headwater-');
    await api('PUT', at('vhosts'), { description: 'Order processing', tags: 'shop,live', tracing: true });
    const journal = memoryJournal();
    const source = await open(urlFor('watcher'), 's3cret', journal);
    expect((await source.sideEffects('all')).map((e) => e.type)).not.toContain('rabbitmq.tracing');
    expect((await source.discover(never))[0]?.means).toBe('firehose');
    const reading = record(source);
    await attached(reading);
    channel.publish('payments', 'charge.x', Buffer.from('x'));
    await eventually('a message', () => reading.messages.length === 1);
    await reading.stop();
    expect(journal.seen).toEqual([]);
    expect(await api('GET', at('vhosts'))).toMatchObject({ tracing: true });
  });

  test('is undone after a crash by what the journal holds', async () => {
    const before = await state();
    const journal = memoryJournal();
    const source = await open(undefined, undefined, journal);
    const reading = record(source);
    await attached(reading);
    const [effect] = journal.open;
    await reading.stop();
    // As a crash would leave it.
    await api('PUT', at('vhosts'), { description: 'Order processing', tags: 'shop,live', tracing: true });
    const config = {
      connection: 'c',
      url: urlFor('guest'),
      secret: 'guest',
      cluster: 'prod',
      journal,
      now: Date.now,
    };
    await rabbitmqConnector.undo?.(config, effect!, never);
    expect(await state()).toEqual(before);
    await rabbitmqConnector.undo?.(config, effect!, never);
    await rabbitmqConnector.undo?.(
      config,
      { ...effect!, target: effect!.target.replace(/[^/]*$/, 'gone') },
      never,
    );
  });
});

describe('taps', () => {
  test('show what exchanges route, change no routing, and leave nothing', async () => {
    await channel.assertExchange('notices', 'fanout');
    await channel.assertExchange('matches', 'headers');
    await channel.assertExchange('commands', 'direct');
    await channel.assertQueue('jobs');
    await channel.bindQueue('jobs', 'commands', 'run');
    await channel.assertQueue('unrouted');
    await channel.assertExchange('fallback', 'fanout');
    await channel.bindQueue('unrouted', 'fallback', '');
    await channel.assertExchange('careful', 'topic', { alternateExchange: 'fallback' });
    await channel.assertExchange('guarded', 'topic');
    await api('PUT', `${at('policies')}/ae`, {
      pattern: '^guarded$',
      'apply-to': 'exchanges',
      definition: { 'alternate-exchange': 'fallback' },
    });
    await eventually(
      'the policy',
      () => api<{ policy?: string }>('GET', `${at('exchanges')}/guarded`),
      (exchange) => exchange.policy === 'ae',
    );
    const before = await state();
    const source = await open(urlFor('guest', '&mode=taps'));
    const targets = (await source.sideEffects('all'))
      .filter((e) => e.type === 'rabbitmq.binding')
      .map((e) => e.target);
    expect(targets.toSorted()).toEqual(['commands', 'dead', 'fallback', 'matches', 'notices', 'payments']);
    const reading = record(source);
    await attached(reading);
    channel.publish('payments', 'charge.x', Buffer.from('topic'), { messageId: 'm1' });
    channel.publish('notices', '', Buffer.from('fanout'));
    channel.publish('matches', '', Buffer.from('headers'), { headers: { any: 'thing' } });
    channel.publish('commands', 'run', Buffer.from('direct'));
    channel.publish('careful', 'nobody', Buffer.from('alternate'));
    channel.publish('guarded', 'nobody', Buffer.from('alternate too'));
    await eventually('all of them', () => reading.messages.length >= 6);
    expect(reading.messages.map(textOf).slice(0, 4)).toEqual(['topic', 'fanout', 'headers', 'direct']);
    expect(reading.messages[0]).toMatchObject({
      id: 'rabbitmq/prod/payments/m1',
      properties: { message_id: 'm1' },
    });
    expect((await channel.checkQueue('unrouted')).messageCount).toBe(2);
    const alerts = reading.alerts.map((a) => a.message).join('\n');
    expect(alerts).toMatch(/careful is not tapped/);
    expect(alerts).toMatch(/guarded is not tapped/);
    await reading.stop();
    expect(await state()).toEqual(before);
  });

  test('follow new exchanges and bindings, and show dead letters as such', async () => {
    await channel.assertExchange('commands', 'direct');
    const reading = record(await open(urlFor('guest', '&mode=taps')));
    await attached(reading);
    await channel.assertExchange('late', 'fanout');
    await channel.assertQueue('jobs');
    await channel.bindQueue('jobs', 'commands', 'run');
    await eventually('both are followed', async () => {
      channel.publish('late', '', Buffer.from('late'));
      channel.publish('commands', 'run', Buffer.from('run'));
      const names = new Set(reading.messages.map((m) => m.channel.name));
      return Promise.resolve(names.has('late') && names.has('commands'));
    });
    expect(reading.coverage.find((c) => c.state === 'gap')).toMatchObject({ channel: { name: 'commands' } });
    channel.publish('payments', 'charge.x', Buffer.from('doomed'), { messageId: 'm9' });
    await channel.consume('charges', (m) => m && channel.nack(m, false, false));
    const dead = await eventually('it died', () =>
      reading.deliveries.find((d) => d.status === 'dead-lettered'),
    );
    expect(dead).toMatchObject({
      subject: { event: 'rabbitmq/prod/payments/m9' },
      via: 'charges (rejected)',
    });
    expect(reading.messages.filter((m) => textOf(m) === 'doomed')).toHaveLength(1);
    await reading.stop();
  });

  test('serve a user who is no administrator', async () => {
    await makeUser('watcher', 'monitoring', '^headwater-');
    const source = await open(urlFor('watcher'), 's3cret');
    expect((await source.discover(never)).find((c) => c.channel.name === 'payments')?.means).toBe(
      'tap queue',
    );
    const reading = record(source);
    await attached(reading);
    channel.publish('payments', 'charge.x', Buffer.from('x'));
    await eventually('a message', () => reading.messages.length === 1);
    expect(reading.alerts.map((a) => a.message).join()).toMatch(/no administrator/);
    await reading.stop();
  });

  test('serve without the management API, for exchanges that are named', async () => {
    const url = `amqp://guest@${host}/${encodeURIComponent(vhost)}`;
    const reading = record(await open(`${url}?management=http://127.0.0.1:1`), {
      channels: ['payments', 'nowhere'],
    });
    await eventually('it says so', () => reading.alerts.some((a) => /management API/.test(a.message)));
    await eventually('and that', () => reading.alerts.some((a) => /nowhere/.test(a.message)));
    await eventually('a message', () => {
      channel.publish('payments', 'charge.x', Buffer.from('x'));
      return reading.messages.length > 0;
    });
    await reading.stop();
    const error = await (
      await open(`${url}?management=http://127.0.0.1:1`)
    )
      .discover(never)
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'unreachable' });
  });
});

test('a user without rights gets the topology, and is told what cannot be had', async () => {
  await makeUser('reader', 'monitoring', '^$');
  await channel.assertExchange('copies', 'fanout');
  await channel.bindExchange('copies', 'payments', '#');
  const reading = record(await open(urlFor('reader'), 's3cret'));
  const topology = await eventually('the topology', () => reading.topology);
  expect(topology?.channels.map((c) => `${c.kind} ${c.name}`).toSorted()).toEqual([
    'exchange copies',
    'exchange dead',
    'exchange payments',
    'queue charges',
    'queue graveyard',
  ]);
  expect(topology?.bindings).toMatchObject([
    { channel: { name: 'dead' }, to: 'graveyard', toKind: 'queue', routingKey: '' },
    { channel: { name: 'payments' }, to: 'charges', toKind: 'queue', routingKey: 'charge.#' },
    { channel: { name: 'payments' }, to: 'copies', toKind: 'exchange', routingKey: '#' },
    { channel: { name: 'charges', kind: 'queue' }, to: 'dead', toKind: 'exchange', deadLetter: true },
  ]);
  await eventually('it says why', () => reading.alerts.some((a) => /Only the topology/.test(a.message)));
  await reading.stop();
  expect(reading.error).toBeUndefined();
});

test('what more was published than could be taken is said to be dropped perhaps', async () => {
  const source = await open(urlFor('guest', '&mode=taps&buffer=100'));
  const abort = new AbortController();
  const items = source.read({ channels: ['payments'], from: 'latest', resume: [], signal: abort.signal });
  const states: string[] = [];
  let texts = 0;
  for await (const batch of items) {
    for (const item of batch) {
      if (item.kind === 'coverage') states.push(item.state);
      if (item.kind === 'message') texts++;
    }
    if (states.length > 0 && texts === 0) {
      // While nothing is taken, the broker sends what it may and keeps a hundred.
      for (let i = 0; i < 3_000; i++) channel.publish('payments', 'charge.x', Buffer.from(`${i}`));
      await eventually(
        'all published',
        () => channel.checkQueue('charges'),
        (q) => q.messageCount === 3_000,
      );
    }
    if (states.includes('dropped')) abort.abort();
  }
  expect(states).toContain('dropped');
  expect(texts).toBeLessThan(3_000);
});

describe('connections', () => {
  const failing = async (url: string, secret = 'guest') => {
    const error = await open(url, secret).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(String((error as Error | undefined)?.message)).not.toContain('s3cret');
    return error;
  };

  test('say why they cannot', async () => {
    await makeUser('outsider', 'monitoring', undefined);
    expect(await failing(urlFor('guest'), 's3cret')).toMatchObject({ code: 'authentication' });
    expect(await failing(`amqp://guest@${host}/nowhere`)).toMatchObject({ code: 'not-found' });
    expect(await failing(urlFor('outsider'), 's3cret')).toMatchObject({ code: 'authorization' });
    expect(await failing('amqp://127.0.0.1:1')).toMatchObject({ code: 'unreachable' });
    expect(await failing('amqp://nowhere.invalid')).toMatchObject({ code: 'host-not-found' });
    expect(await failing(`amqp://${management.host}`)).toMatchObject({
      code: 'wrong-protocol',
      message: expect.stringContaining('HTTP') as string,
    });
    expect(await failing(`amqps://${host}`)).toMatchObject({ code: 'wrong-protocol' });
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as { port: number };
    expect(await failing(`amqp://127.0.0.1:${port}`)).toMatchObject({ code: 'timeout' });
  });

  test('use TLS with a given authority, and say what is wrong without', async () => {
    const { amqpsUrl, caFile } = broker.tls!;
    const tlsHost = new URL(amqpsUrl.replace('amqps:', 'http:')).host;
    const path = `${tlsHost}/${encodeURIComponent(vhost)}?management=${management.origin}`;
    const source = await open(`amqps://guest@${path}&ca=${caFile}`);
    expect((await source.discover(never)).map((c) => c.channel.name)).toContain('payments');
    expect(await failing(`amqps://guest@${path}`)).toMatchObject({ code: 'tls' });
    expect(await failing(`amqp://guest@${path}`)).toMatchObject({
      code: 'wrong-protocol',
      remedy: expect.stringContaining('amqps://') as string,
    });
  });

  test('to a broker that stops answering are noticed to be dead', async () => {
    const source = await open();
    const reading = record(source);
    await attached(reading);
    const { pid } = broker;
    if (pid === undefined) return;
    process.kill(pid, 'SIGSTOP');
    try {
      await eventually('it is lost', () => reading.error, Boolean, { withinMs: 20_000 });
      await source.close();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(reading.error).toMatchObject({ code: 'lost' });
    // What could not be put back stays in the journal, for the next connection to undo.
    await api('PUT', at('vhosts'), { description: 'Order processing', tags: 'shop,live', tracing: false });
  });

  test('that end are lost, and what they set is set again after the broker returns', async () => {
    await channel.close();
    const source = await open();
    const reading = record(source);
    await attached(reading);
    await broker.kill();
    await eventually('it is lost', () => reading.error);
    expect(reading.error).toMatchObject({ code: 'lost', retryable: true });
    await source.close();
    expect(await failing(urlFor('guest'))).toMatchObject({ code: 'unreachable' });
    await broker.start();
    const again = record(await eventually('it returns', () => open(), Boolean, { withinMs: 60_000 }));
    await attached(again);
    app = await amqp.connect(`amqp://guest:guest@${host}/${encodeURIComponent(vhost)}`);
    app.on('error', () => {});
    channel = await app.createChannel();
    channel.publish('payments', 'charge.x', Buffer.from('x'));
    await eventually('a message', () => again.messages.length === 1);
    await again.stop();
    expect(await api('GET', at('vhosts'))).toMatchObject({ tracing: false, description: 'Order processing' });
  });
});
