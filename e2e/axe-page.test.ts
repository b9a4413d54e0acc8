import { createRequire } from 'node:module';
import type * as Axe from 'axe-core';
import { describe, expect, test } from 'vitest';
import { findBrowser } from './fake-engine/browser.ts';
import { expectShown, visitEach } from './fake-engine/visit.ts';

const script = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Whoever reads with a screen reader, or sees little, reads the same. */
describe.skipIf(findBrowser() === undefined).each(['light', 'dark'] as const)(
  'the page for every reader, %s (needs a Chromium)',
  (colorScheme) => {
    // The checks are injected into the page, which its policy would refuse.
    const visit = visitEach({ colorScheme, bypassCSP: true });
    const { open, restart } = visit;

    const expectNoViolation = async (): Promise<void> => {
      await visit.page.addScriptTag({ path: script });
      const violations = await visit.page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: typeof Axe };
        const found = await axe.run(document, { resultTypes: ['violations'] });
        return found.violations.flatMap(({ id, nodes }) =>
          nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 300)} ${failureSummary ?? ''}`),
        );
      });
      expect(violations).toEqual([]);
    };

    test('welcome', async () => {
      await restart({ empty: true });
      await open('/');
      await expectShown(visit.page.getByRole('button', { name: 'Connect to a broker' }));
      await expectNoViolation();
    });

    test('traces', async () => {
      await open('/traces');
      await expectShown(visit.page.getByRole('row', { name: /^orderId=12345/ }));
      await visit.page.keyboard.press('j');
      await expectNoViolation();
      await open('/traces?q=orderId%3D777');
      await expectShown(visit.page.getByRole('heading', { name: 'What was read', exact: true }));
      await expectNoViolation();
    });

    test('a trace with its inspector', async () => {
      await open('/traces/order?event=order-placed');
      await expectShown(visit.page.locator('.trace-picture[aria-busy=false]'));
      await expectShown(visit.page.getByRole('treeitem').first());
      await expectNoViolation();
      await visit.page.getByRole('tab', { name: 'Raw' }).click();
      await expectShown(visit.page.locator('.cm-content'));
      await expectNoViolation();
    });

    test('a trace by clocks that differ, with what proves it', async () => {
      await open('/traces/dead');
      await expectShown(visit.page.locator('.trace-picture[aria-busy=false]'));
      await expectNoViolation();
      await visit.page.getByRole('button', { name: 'Why? Clocks differ' }).click();
      await expectShown(visit.page.getByRole('link', { name: 'OrderPlaced on orders' }));
      await expectNoViolation();
    });

    test('why and why not', async () => {
      await open('/traces/order?event=order-reserved');
      await expectShown(visit.page.locator('.trace-picture[aria-busy=false]'));
      const inspector = visit.page.getByRole('region', { name: 'Inspector' });
      await inspector.getByRole('button', { name: 'Why is this here?' }).click();
      await inspector.getByRole('button', { name: /^Why\? StockReservationRequested/ }).click();
      await inspector.getByRole('button', { name: /^Confirm: StockReservationRequested/ }).click();
      await visit.page.getByRole('button', { name: 'Why? OrderPlaced → FraudCheckRequested' }).click();
      await expectShown(visit.page.locator('.links-answer .explanation'));
      await expectShown(visit.page.locator('.link-yours'));
      await expectNoViolation();
      await visit.page.locator('body').press('w');
      await expectShown(inspector.getByRole('option').first());
      await expectNoViolation();
      await inspector.getByRole('option', { name: /OrderConfirmed/ }).click();
      await expectShown(inspector.getByText('is not linked to'));
      await expectNoViolation();
    });

    test('the map, with a node, an edge and what waits on it, and a trace', async () => {
      const drawn = () => expectShown(visit.page.locator('.map-picture[aria-busy=false]'));
      const inspector = visit.page.getByRole('region', { name: 'Inspector' });
      await open('/map');
      await drawn();
      await expectNoViolation();
      await visit.page.getByRole('button', { name: 'orders, Kafka topic' }).click();
      await expectShown(inspector.getByRole('heading', { name: 'orders', exact: true }));
      await expectNoViolation();
      await visit.page.getByRole('button', { name: /^orders is consumed by analytics/ }).click();
      await expectShown(inspector.getByRole('list', { name: 'Waiting' }).getByRole('link').first());
      await expectNoViolation();
      await open('/map?trace=dead');
      await drawn();
      await expectShown(visit.page.getByRole('region', { name: 'Trace on the map' }).getByText('12399'));
      await expectNoViolation();
    });

    test('what is not there', async () => {
      await open('/nothing');
      await expectShown(visit.page.getByRole('heading', { name: 'There is nothing at /nothing' }));
      await expectNoViolation();
      await open('/traces/nosuch');
      await expectShown(visit.page.getByRole('heading', { name: 'Trace nosuch' }));
      await expectNoViolation();
      await open('/map?trace=nosuch');
      await expectShown(visit.page.getByText('There is no trace nosuch.'));
      await expectNoViolation();
    });

    test('the dialog that saves a capture', async () => {
      await open('/traces');
      await visit.page.getByRole('button', { name: 'Save capture' }).click();
      const dialog = visit.page.getByRole('dialog', { name: 'Save capture' });
      await expectShown(dialog.getByText('5,020 events'));
      await expectNoViolation();
      await dialog.getByRole('button', { name: 'Save capture' }).click();
      await expectShown(dialog.getByText('Saved'));
      await expectNoViolation();
    });

    test('events, with one selected and its menu', async () => {
      await open('/events');
      await expectShown(visit.page.getByRole('row', { name: /key 12345/ }).first());
      await expectNoViolation();
      await visit.page.keyboard.press('j');
      await expectShown(visit.page.getByRole('region', { name: 'Inspector' }).getByText('Published'));
      await visit.page.keyboard.press('f');
      await expectShown(visit.page.getByRole('menu'));
      await expectNoViolation();
      await open('/events?q=type%3ANever');
      await expectShown(visit.page.getByRole('heading', { name: 'What was read', exact: true }));
      await expectNoViolation();
    });

    test('connections, their form and what a test of one says', async () => {
      await open('/connections');
      await expectShown(visit.page.getByRole('article', { name: 'Orders cluster' }));
      await expectNoViolation();
      await visit.page
        .getByRole('article', { name: 'Orders cluster' })
        .getByRole('button', { name: 'Disconnect' })
        .click();
      await visit.page
        .getByRole('article', { name: 'Orders cluster' })
        .getByRole('button', { name: 'Remove' })
        .click();
      await expectShown(visit.page.getByRole('alertdialog'));
      await expectNoViolation();
      await open('/connections/new');
      await visit.page.getByLabel('URL').fill('amqp://localhost:5672/');
      await visit.page.getByRole('button', { name: 'Test connection' }).click();
      await expectShown(visit.page.getByText('Create one exclusive, auto-deleted queue'));
      await visit.page.getByRole('button', { name: 'Mask values' }).click();
      await expectShown(visit.page.getByLabel('Mask headers'));
      await expectNoViolation();
    });

    test('keys, with one selected', async () => {
      await open('/keys');
      await expectShown(visit.page.getByRole('listitem', { name: 'orderId, Key' }));
      await expectNoViolation();
      await visit.page.keyboard.press('j');
      await expectShown(visit.page.locator('.key-line.current'));
      await expectNoViolation();
    });

    test('the palette, the map of keys and the choice of time', async () => {
      await open('/traces');
      await expectShown(visit.page.getByRole('row', { name: /^orderId=12345/ }));
      await visit.page.keyboard.press('Control+k');
      await visit.page.keyboard.type('12345');
      await expectShown(visit.page.getByRole('option', { name: /^Open trace/ }));
      await expectNoViolation();
      await visit.page.keyboard.press('Escape');
      // Keys are the palette's until it is gone.
      await visit.page.getByRole('dialog').waitFor({ state: 'detached' });
      await visit.page.keyboard.press('?');
      await expectShown(visit.page.getByRole('dialog', { name: 'Keys' }));
      await expectNoViolation();
      await visit.page.keyboard.press('Escape');
      await visit.page.getByRole('button', { name: /^Time range/ }).click();
      await expectShown(visit.page.getByLabel('From'));
      await expectNoViolation();
    });
  },
);
