import { describe, expect, test } from 'vitest';
import { aptProblem, installNotice, notInstalled } from './apt.ts';
import { kafkaProperties } from './kafka-properties.ts';
import { mavenProblem } from './kafka-jars.ts';

describe('what went wrong, in a sentence to act on', () => {
  test('apt is locked', () => {
    const output =
      'Waiting…\nE: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 42 (apt-get)\n';
    expect(aptProblem('install', { code: 100, output, timedOut: false })).toBe(
      'apt is locked by another process (Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 42 (apt-get)). Wait until it has finished, then run this again.',
    );
  });

  test('the package mirror cannot be reached', () => {
    const output =
      'Ign:1 http://deb.debian.org\nErr:1 http://deb.debian.org\n  Could not resolve host\nE: Failed to fetch x\n';
    expect(aptProblem('update', { code: 100, output, timedOut: false })).toMatch(
      /package mirror|apt-get update failed/,
    );
  });

  test('what apt-get will do is said before, and how to do it oneself', () => {
    const text = installNotice(new Map([['kafka', ['openjdk-17-jre-headless', 'maven']]]));
    expect(text).toMatch(/^kafka needs openjdk-17-jre-headless and maven, not found on this machine\./);
    expect(text).toMatch(/root.*apt-get/);
    expect(text).toMatch(/Ctrl-C.*apt-get install .*openjdk-17-jre-headless maven$/);
  });

  test('what to do is said where nothing was installed, or to no avail', () => {
    expect(notInstalled(['maven'], 'apt-get update failed: x.')).toMatch(
      /^apt-get update failed.*by hand: .*maven$/,
    );
    expect(notInstalled(['maven'], undefined)).toMatch(/not on the PATH.*dpkg -L maven/);
  });

  test('Maven is offline', () => {
    const output =
      '[INFO] x\n[ERROR] Could not transfer artifact org.apache.kafka:kafka_2.13: Connection refused\n';
    expect(mavenProblem(output, false)).toContain('check the network');
  });
});

test('without security Kafka listens on loopback only, without authentication', () => {
  const ports = { plain: 1, controller: 2, saslPlain: 3, ssl: 4, saslSsl: 5 };
  const properties = kafkaProperties(ports, '/data').split('\n');
  expect(properties).toContain('listeners=PLAINTEXT://127.0.0.1:1,CONTROLLER://127.0.0.1:2');
  expect(properties).toContain('advertised.listeners=PLAINTEXT://127.0.0.1:1');
  expect(properties).toContain('log.dirs=/data/data');
});
