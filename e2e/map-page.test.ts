import { describe, expect, test } from 'vitest';
import { findBrowser } from './fake-engine/browser.ts';
import { expectShown, visitEach } from './fake-engine/visit.ts';
import { eventually } from './support/eventually.ts';

/** The map alone, in a real browser, with a made-up engine behind it. */
describe.skipIf(findBrowser() === undefined)('the map (needs a Chromium)', () => {
  const visit = visitEach({}, { traces: 40 });
  const { newPage, open, restart } = visit;
  const node = (name: string) => visit.page.getByRole('button', { name, exact: true });
  const inspector = () => visit.page.getByRole('region', { name: 'Inspector' });
  const heading = (name: string) => inspector().getByRole('heading', { name, exact: true });
  const links = () => visit.page.getByRole('list', { name: 'Links' });
  const places = async () =>
    new Map(
      await visit.page
        .locator('.react-flow__node')
        .evaluateAll((nodes) =>
          nodes.map(
            (each) =>
              [
                each.querySelector('.visually-hidden')?.textContent,
                getComputedStyle(each).transform,
              ] as const,
          ),
        ),
    );

  test('is what opens where something was recorded, and names participants and channels of all brokers', async () => {
    await open('/');
    await visit.page.waitForURL('**/map');
    await expectShown(node('orders, Kafka topic'));
    await expectShown(node('payments, RabbitMQ exchange'));
    await expectShown(node('billing.charges, RabbitMQ queue'));
    await expectShown(node('shipments, Redis stream'));
    await expectShown(node('notifications, Redis pub/sub channel'));
    await expectShown(node('payments, participant'));
    await expectShown(visit.page.getByRole('status').getByText('10 participants, 10 channels'));
    await visit.page.getByRole('link', { name: 'Traces' }).click();
    await visit.page.waitForURL('**/traces');
    await visit.page.keyboard.press('g');
    await visit.page.keyboard.press('m');
    await visit.page.waitForURL('**/map');
    expect(visit.errors).toEqual([]);
  });

  test('who has nothing yet is shown how to begin', async () => {
    await restart({ empty: true });
    await open('/map');
    await expectShown(visit.page.getByRole('heading', { name: 'Nothing to draw yet' }));
    await expectShown(visit.page.getByRole('button', { name: 'Connect to a broker' }));
  });

  test('says how everything fares: in words, not by colour alone', async () => {
    await open('/map?select=redis/prod/stream/shipments');
    await expectShown(inspector().getByText('Not read now: Shipments is reconnecting.', { exact: false }));
    await open('/map?select=kafka/prod/topic/ledger');
    await expectShown(inspector().getByText('Retention removed them before they were read').first());
    await open('/map');
    await expectShown(node('analytics, participant'));
    await expectShown(
      links().getByRole('button', { name: /^orders is consumed by analytics: 1,284 waiting/ }),
    );
    await expectShown(
      links().getByRole('button', { name: /^billing\.charges dead-letters to payments\.dlx: .*proven$/ }),
    );
  });

  test('moves with what happens, and nothing that is there changes its place', async () => {
    await open('/map');
    await expectShown(node('orders, Kafka topic'));
    await expectShown(visit.page.locator('.map-picture[aria-busy=false]'));
    const before = await places();
    visit.engine.grow();
    await expectShown(links().getByRole('button', { name: /^orders is consumed by analytics: 1,288/ }));
    for (const [name, place] of before) expect((await places()).get(name)).toBe(place);
  });

  test('shows the time that is looked at: what was recorded then, and nothing of now', async () => {
    await open('/map');
    await expectShown(node('orders, Kafka topic'));
    await expectShown(visit.page.getByRole('region', { name: 'Time', exact: true }));
    const [first, last] = [Date.now() - 160_000, Date.now() - 95_000].map((time) =>
      new Date(time).toISOString(),
    );
    await open(`/map?from=${first}&to=${last}`);
    await expectShown(visit.page.getByText('What waited then', { exact: false }));
    await expectShown(node('orders, Kafka topic').getByText(/^\d+ events$/));
    // Nobody published there at that time, and it is there all the same.
    await expectShown(node('payments.dlx, RabbitMQ exchange').locator('.map-node.quiet'));
    expect(await links().innerText()).not.toMatch(/waiting|events\/s/);
    expect(await visit.page.locator('.map-bead, .map-health').count()).toBe(0);
    await links()
      .getByRole('button', { name: /^orders is consumed by analytics/ })
      .click();
    await expectShown(heading('orders → analytics'));
    expect(await inspector().getByText('Waiting').count()).toBe(0);
    await visit.page.getByRole('button', { name: 'Back to now' }).click();
    await expectShown(inspector().getByText('1,284 waiting'));
    expect(new URL(visit.page.url()).searchParams.has('from')).toBe(false);
    expect(visit.errors).toEqual([]);
  });

  test('its list of links can be made larger and smaller by the keyboard', async () => {
    await open('/map');
    await expectShown(node('orders, Kafka topic'));
    const edge = visit.page.getByRole('separator', { name: 'Height of the list of links' });
    await edge.focus();
    const height = async () => Number(await edge.getAttribute('aria-valuenow'));
    const before = await height();
    await visit.page.keyboard.press('ArrowUp');
    expect(await height()).toBeGreaterThan(before);
    await visit.page.keyboard.press('Home');
    expect(await height()).toBe(Number(await edge.getAttribute('aria-valuemin')));
    await visit.page.keyboard.press('End');
    expect(await height()).toBe(Number(await edge.getAttribute('aria-valuemax')));
  });

  test('what comes is placed beside the others, which stay', async () => {
    await restart({ map: { participants: 5, channels: 8, rate: 40 } });
    await open('/map');
    await expectShown(node('service-4, participant'));
    await expectShown(visit.page.locator('.map-picture[aria-busy=false]'));
    const kept = await visit.page.evaluate(() => localStorage.getItem('headwater.map-places') ?? '');
    visit.engine.stir(2);
    await expectShown(node('service-6, participant'));
    const now = JSON.parse(
      (await visit.page.evaluate(() => localStorage.getItem('headwater.map-places'))) ?? '[]',
    ) as unknown[];
    for (const place of JSON.parse(kept) as unknown[]) expect(now).toContainEqual(place);
    expect(now).toHaveLength(15);
  });

  test('the keyboard goes along the flow, up and down the stream, and into the inspector', async () => {
    await open('/map');
    await expectShown(node('storefront, participant'));
    await expectShown(visit.page.locator('.map-picture[aria-busy=false]'));
    await visit.page.keyboard.press('j');
    await expectShown(inspector());
    const first = new URL(visit.page.url()).searchParams.get('select');
    await visit.page.keyboard.press('j');
    expect(new URL(visit.page.url()).searchParams.get('select')).not.toBe(first);
    await visit.page.keyboard.press('k');
    expect(new URL(visit.page.url()).searchParams.get('select')).toBe(first);
    await node('orders, Kafka topic').click();
    await expectShown(heading('orders'));
    await visit.page.keyboard.press('[');
    await expectShown(heading('storefront'));
    await visit.page.keyboard.press(']');
    await expectShown(heading('orders'));
    await visit.page.keyboard.press('ArrowRight');
    await heading('orders').waitFor({ state: 'detached' });
    await visit.page.keyboard.press('Enter');
    // With the next picture: the inspector may be drawn only now.
    await eventually(
      'the focus is in the inspector',
      () => visit.page.evaluate(() => document.activeElement?.className),
      (name) => name === 'inspector-body',
    );
    await visit.page.keyboard.press('Escape');
    await inspector().waitFor({ state: 'detached' });
    expect(visit.errors).toEqual([]);
  });

  test('the keyboard begins where the focus is, moves nodes, and goes into the inspector from anywhere', async () => {
    const { keyboard } = visit.page;
    await open('/map');
    await expectShown(visit.page.locator('.map-picture[aria-busy=false]'));
    await keyboard.press(']');
    await expectShown(inspector());
    await keyboard.press('Escape');
    await inspector().waitFor({ state: 'detached' });
    await node('storefront, participant').focus();
    await keyboard.press(']');
    await expectShown(heading('orders'));
    await expectShown(visit.page.locator(':focus[data-id="kafka/prod/topic/orders"]'));
    const before = (await places()).get('orders, Kafka topic');
    await keyboard.press('Shift+ArrowDown');
    await eventually(
      'it lies elsewhere',
      async () => (await places()).get('orders, Kafka topic'),
      (place) => place !== before,
    );
    await visit.page.reload();
    await expectShown(node('orders, Kafka topic'));
    expect((await places()).get('orders, Kafka topic')).not.toBe(before);
    await node('inventory, Kafka topic').focus();
    await keyboard.press('ArrowRight');
    await expectShown(heading('inventory'));
    await links().getByRole('button').first().focus();
    await keyboard.press('i');
    await eventually(
      'the focus is in the inspector',
      () => visit.page.evaluate(() => document.activeElement?.className),
      (name) => name === 'inspector-body',
    );
    expect(visit.errors).toEqual([]);
  });

  test('no line goes behind a node, buttons cover none, and a long name is read from afar', async () => {
    await visit.page.setViewportSize({ width: 900, height: 600 });
    await open('/map?select=participant%2Fshipping');
    await expectShown(visit.page.locator('.map-picture[aria-busy=false]'));
    await expectShown(node('storefront.replies, RabbitMQ queue'));
    const lost = await visit.page.evaluate(() => {
      const boxes = [...document.querySelectorAll('.react-flow__node')].map((each) => ({
        id: (each as HTMLElement).dataset['id'] ?? '',
        box: each.getBoundingClientRect(),
      }));
      const within = ({ x, y }: DOMPoint, { left, right, top, bottom }: DOMRect): boolean =>
        x > left + 1 && x < right - 1 && y > top + 1 && y < bottom - 1;
      const covered = [...document.querySelectorAll<SVGPathElement>('.map-line')].flatMap((line) => {
        const id = line.closest<SVGElement>('.react-flow__edge')?.dataset['id'] ?? '';
        const toScreen = line.getScreenCTM();
        const points = Array.from({ length: 60 }, (_, index) =>
          DOMPoint.fromPoint(line.getPointAtLength((line.getTotalLength() * index) / 59)).matrixTransform(
            toScreen ?? undefined,
          ),
        );
        return boxes
          .filter((each) => !id.includes(each.id) && points.some((point) => within(point, each.box)))
          .map((each) => `${id} behind ${each.id}`);
      });
      const buttons = document.querySelector('.view-controls')?.getBoundingClientRect();
      const under = boxes.filter(
        ({ box }) =>
          buttons && box.right > buttons.left && box.bottom > buttons.top && box.left < buttons.right,
      );
      const names = [...document.querySelectorAll('.map-name')].filter(
        (name) => name.scrollWidth > name.clientWidth || name.scrollHeight > name.clientHeight + 2,
      );
      return [
        ...covered,
        ...under.map(({ id }) => `${id} under the buttons`),
        ...names.map((n) => n.textContent),
      ];
    });
    expect(lost).toEqual([]);
    const bar = visit.page.locator('.map > .view-bar');
    expect(await bar.evaluate((box) => box.scrollWidth <= box.clientWidth)).toBe(true);
  });

  test('leads from the bead to the event that waits longest, and to its trace', async () => {
    await open('/map');
    await links()
      .getByRole('button', { name: /^orders is consumed by analytics/ })
      .click();
    await expectShown(heading('orders → analytics'));
    await expectShown(inspector().getByText('1,284 waiting'));
    const waiting = inspector().getByRole('list', { name: 'Waiting' }).getByRole('link');
    await expectShown(waiting.first());
    const name = await waiting.first().locator('.visually-hidden').innerText();
    // One stuck order is told from another by what one sees.
    await expectShown(
      waiting
        .first()
        .getByText(`${name.split('=')[1]}`, { exact: true })
        .first(),
    );
    await waiting.first().click();
    await visit.page.waitForURL(/\/traces\/.+\?event=/);
    await expectShown(
      inspector()
        .getByRole('heading', { name: name.split(' on ')[0] ?? '' })
        .first(),
    );
  });

  test('a participant lists what waits for it, what it consumes and publishes', async () => {
    await open('/map?select=participant/shipping');
    await expectShown(inspector().getByRole('list', { name: 'Waiting' }).getByRole('listitem').nth(2));
    const consumes = inspector().getByRole('region', { name: 'Consumes' });
    expect(await consumes.getByRole('link').allInnerTexts()).toEqual(['orders', 'inventory']);
    await consumes.getByRole('link', { name: 'orders' }).click();
    await expectShown(heading('orders → shipping'));
    await inspector().getByRole('link', { name: 'orders', exact: true }).click();
    await expectShown(heading('orders'));
    const events = inspector().getByRole('link', { name: 'Its events' });
    expect(await events.getAttribute('href')).toBe('/events?q=channel%3Aorders');
  });

  test('a node that was dragged is there after a reload, until all is arranged anew', async () => {
    await open('/map');
    const mailer = node('mailer, participant');
    await expectShown(mailer);
    await expectShown(visit.page.locator('.map-picture[aria-busy=false]'));
    const original = (await places()).get('mailer, participant');
    const box = await mailer.boundingBox();
    if (!box) throw new Error('It has no place.');
    await visit.page.mouse.move(box.x + 40, box.y + 12);
    await visit.page.mouse.down();
    await visit.page.mouse.move(box.x + 90, box.y + 60, { steps: 4 });
    await visit.page.mouse.move(box.x + 160, box.y + 112, { steps: 4 });
    await visit.page.mouse.up();
    const dragged = (await places()).get('mailer, participant');
    expect(dragged).not.toBe(original);
    await visit.page.reload();
    await expectShown(mailer);
    expect((await places()).get('mailer, participant')).toBe(dragged);
    await visit.page.getByRole('button', { name: 'Arrange anew' }).click();
    await eventually(
      'it is where the flow leads',
      places,
      (now) => now.get('mailer, participant') === original,
    );
  });

  test('shows where a trace went: the rest is dimmed, hops are numbered, and there is a way back', async () => {
    await open('/traces/dead');
    await visit.page.getByRole('link', { name: 'Show on map' }).click();
    await visit.page.waitForURL('**/map?trace=dead');
    const banner = visit.page.getByRole('region', { name: 'Trace on the map' });
    await expectShown(banner.getByText('12399'));
    const dimmed = (name: string) => node(name).locator('.map-node.dimmed');
    await expectShown(dimmed('mailer, participant'));
    expect(await dimmed('orders, Kafka topic').count()).toBe(0);
    await expectShown(node('orders, Kafka topic').locator('.map-hops', { hasText: '1' }));
    await expectShown(node('payments.dlx, RabbitMQ exchange').getByText('last event'));
    expect(await visit.page.locator('.map-edge.stepped').count()).toBeGreaterThan(3);
    await banner.getByRole('link', { name: 'Open trace' }).click();
    await visit.page.waitForURL('**/traces/dead');
    await visit.page.goBack();
    await expectShown(banner);
    await visit.page.keyboard.press('Escape');
    await banner.waitFor({ state: 'detached' });
    await dimmed('mailer, participant').waitFor({ state: 'detached' });
    expect(visit.errors).toEqual([]);
  });

  test('the search lights names up, selects the first, and finds orders as everywhere', async () => {
    await open('/map');
    await expectShown(node('mailer, participant'));
    await visit.page.keyboard.press('/');
    await visit.page.keyboard.type('payments.d');
    await expectShown(visit.page.getByRole('status').getByText('2 found', { exact: false }));
    await expectShown(node('mailer, participant').locator('.map-node.dimmed'));
    await visit.page.keyboard.press('Enter');
    await expectShown(heading('payments.dlx'));
    await visit.page.keyboard.press('Control+A');
    await visit.page.keyboard.type('12345');
    await visit.page.keyboard.press('Enter');
    await visit.page.waitForURL('**/traces/order');
  });

  test('a key that is typed lights up the way of its trace, and a system its channels', async () => {
    const banner = visit.page.getByRole('region', { name: 'Trace on the map' });
    const dimmed = (name: string) => node(name).locator('.map-node.dimmed');
    const search = visit.page.getByRole('searchbox', { name: 'Search' });
    await open('/map');
    await expectShown(node('mailer, participant'));
    await search.fill('12345');
    await expectShown(banner.getByText('orderId=12345'));
    await expectShown(dimmed('mailer, participant'));
    await expectShown(node('orders, Kafka topic').locator('.map-hops', { hasText: '1' }));
    expect(await dimmed('orders, Kafka topic').count()).toBe(0);
    await search.fill('kafka');
    await expectShown(visit.page.getByRole('status').getByText('3 found', { exact: false }));
    await expectShown(dimmed('shipments, Redis stream'));
    expect(await dimmed('orders, Kafka topic').count()).toBe(0);
    // What is nowhere darkens nothing.
    await search.fill('nowhere-at-all');
    await expectShown(visit.page.getByRole('status').getByText('no trace carries it', { exact: false }));
    await dimmed('shipments, Redis stream').waitFor({ state: 'detached' });
    await search.press('Escape');
    await search.press('Escape');
    await visit.page.keyboard.press('j');
    await expectShown(inspector());
    expect(visit.errors).toEqual([]);
  });

  test('a trace that is not there is told of, whole, and leads nowhere', async () => {
    await open('/map?trace=nosuch');
    const banner = visit.page.getByRole('region', { name: 'Trace on the map' });
    await expectShown(banner.getByText('There is no trace nosuch.'));
    expect(await banner.getByRole('link', { name: 'Open trace' }).count()).toBe(0);
    expect(await banner.evaluate((box) => box.scrollHeight <= box.clientHeight)).toBe(true);
  });

  test('what is selected stays so from view to view, in the address', async () => {
    const press = async (keys: string) => {
      for (const key of keys) await visit.page.keyboard.press(key);
    };
    await open('/events?q=orderId%3D12345');
    await visit.page.getByRole('row', { name: /^payment\.charged on payments/ }).click();
    await expectShown(heading('payment.charged'));
    await press('gt');
    await visit.page.waitForURL('**/traces?**event=order-charged');
    await expectShown(heading('payment.charged'));
    await press('gm');
    await visit.page.waitForURL('**/map?event=order-charged');
    await expectShown(heading('payment.charged'));
    await expectShown(node('payments, RabbitMQ exchange').locator('.map-node.selected'));
    await press('ge');
    await visit.page.waitForURL('**/events?event=order-charged');
    await open('/map?select=participant%2Fpayments');
    await expectShown(heading('payments'));
    await visit.page.getByRole('link', { name: 'Events' }).click();
    await visit.page.waitForURL('**/events?select=participant%2Fpayments');
    await expectShown(inspector().getByRole('region', { name: 'Consumes' }));
    await visit.page.getByRole('link', { name: 'Map' }).click();
    await expectShown(node('payments, participant').locator('.map-node.selected'));
    await visit.page.keyboard.press('Escape');
    await inspector().waitFor({ state: 'detached' });
    expect(new URL(visit.page.url()).search).toBe('');
    expect(visit.errors).toEqual([]);
  });

  test('events are seen moving, are held still by space, and do not move with reduced motion', async () => {
    /** How the dots that are on their way fare. */
    const moving = () =>
      visit.page.evaluate(() =>
        document
          .getAnimations()
          .filter(({ effect }) => effect instanceof KeyframeEffect && effect.target?.matches('.map-dot'))
          .map(({ playState }) => playState),
      );
    await restart({ map: { participants: 4, channels: 6, rate: 200 } });
    await visit.page.context().close();
    await newPage({ reducedMotion: 'no-preference' });
    const timer = setInterval(() => visit.engine.stir(), 100);
    try {
      await open('/map');
      await expectShown(node('service-0, participant'));
      const dots = await eventually('events are seen', moving, ({ length }) => length > 0);
      expect(dots.length).toBeLessThanOrEqual(20);
      await visit.page.keyboard.press(' ');
      await expectShown(visit.page.getByRole('button', { name: 'Let events move' }));
      expect(new Set(await moving())).toEqual(new Set(['paused']));
      await visit.page.context().close();
      await newPage({ reducedMotion: 'reduce' });
      await open('/map');
      await expectShown(node('service-0, participant'));
      const before = await links().innerText();
      // The map has moved on, so it has looked at what moved.
      await eventually(
        'rates and lags change',
        () => links().innerText(),
        (now) => now !== before,
      );
      expect(await moving()).toEqual([]);
    } finally {
      clearInterval(timer);
    }
  });

  test('hundreds of idle channels are left out until they are asked for', async () => {
    await restart({ map: { participants: 6, channels: 10, rate: 40, idle: 300 } });
    await open('/map');
    await expectShown(visit.page.getByRole('status').getByText('6 participants, 10 channels'));
    await visit.page.getByRole('button', { name: 'Show 300 idle channels' }).click();
    await expectShown(visit.page.getByRole('status').getByText('6 participants, 310 channels'));
  });

  test('names of any kind stay text, and equal names in two clusters are told apart', async () => {
    await restart({ map: 'odd' });
    await open('/map');
    await expectShown(node('orders, Kafka topic of prod'));
    await expectShown(node('orders, Kafka topic of staging'));
    await expectShown(node('<img src=x onerror=alert(1)>, Kafka topic'));
    await expectShown(node('nobody-consumes, Kafka topic'));
    await node('nobody-consumes, Kafka topic').click();
    await expectShown(inspector().getByText('Nobody is known to consume it.'));
    await node('__proto__, participant').click();
    await expectShown(heading('__proto__'));
    expect(await visit.page.locator('img').count()).toBe(0);
    const widest = await visit.page
      .locator('.map-node')
      .evaluateAll((nodes) => Math.max(...nodes.map((each) => each.scrollWidth)));
    expect(widest).toBeLessThanOrEqual(168);
    expect(visit.errors).toEqual([]);
  });
});
