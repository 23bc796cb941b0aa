/** The client source at real brokers: mosquitto (also killed with -9) and aedes. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import type { MqttClient } from 'mqtt';
import { mqtt } from '../../../connectors/mqtt.ts';
import type { ConnectorContext, IoError, Source } from '../../../host/ports.ts';
import { pause, workFolder } from '../../cli/command.ts';
import { sourceContract, type SourceWorld, until } from '../contract.ts';
import { createMemoryLog } from '../memory-log.ts';
import { mosquittoMissing, startMosquitto } from './mosquitto.ts';
import { client, context, portsFrom, source } from './world.ts';

const freePort = portsFrom(21_840, 20);

const numbered = (count: number, from = 0): string[] => Array.from({ length: count }, (_, index) => `{"n":${from + index}}`);
const url = (port: number): string => `mqtt://127.0.0.1:${port}`;
const refusalOf = (from: Source): Promise<IoError> => from.open(createMemoryLog().intake).then(() => { throw new Error('opened'); }, (error: IoError) => error);

function publishAll(to: MqttClient, payloads: readonly string[]): void {
  for (const payload of payloads) to.publish('a/b', payload, { qos: 2 });
}

async function aedesAt(port: number): Promise<{ readonly broker: Aedes; close(): Promise<void> }> {
  const broker = await Aedes.createBroker();
  const server: Server = createServer(broker.handle);
  await new Promise<void>((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  return {
    broker,
    close: () => new Promise((resolve) => { broker.close(() => { server.close(() => resolve()); }); }),
  };
}

async function aedesWorld(): Promise<SourceWorld> {
  const port = freePort();
  const { close } = await aedesAt(port);
  const publisher = await client(port, { clientId: 'publisher', clean: true });
  return {
    create: () => source({ url: url(port), topic: 'a/#' }),
    offer(payloads) { publishAll(publisher, payloads); },
    async close() {
      await publisher.endAsync(true);
      await close();
    },
  };
}
sourceContract('client at aedes, QoS 1', aedesWorld, { isExactlyOnce: false }); // aedes never sets DUP

if (mosquittoMissing !== undefined) {
  test('mosquitto', () => {
    console.log(`SKIPPED: ${mosquittoMissing}`);
    assert.ok(!process.env['CI'], mosquittoMissing);
  });
} else {
  for (const [protocol, qos] of [['3.1.1', '1'], ['5', '1'], ['3.1.1', '2'], ['5', '2']] as const) {
    sourceContract(`client at mosquitto, MQTT ${protocol} QoS ${qos}`, () => mosquittoWorld({ protocol, qos }), { isExactlyOnce: true });
  }
  test('a broker killed with -9 in the middle: nothing is lost, nothing is stored twice', brokerKilled);
  test('the subscription is renewed when the table names other topics, and only then', subscriptionRenewed);
  test('wrong credentials and a refused subscription are one error each, with the remedy', refusals);
  test('mqtts: a certificate that is not trusted is refused with the remedy, a trusted one is not', overTls);
}

async function mosquittoWorld(options: Readonly<Record<string, string>>): Promise<SourceWorld> {
  const port = freePort();
  const broker = await startMosquitto({ port });
  const publisher = await client(port, { clientId: 'publisher', clean: true });
  return {
    create: () => source({ url: url(port), topic: 'a/#', ...options }),
    offer(payloads) { publishAll(publisher, payloads); },
    async close() {
      await publisher.endAsync(true);
      await broker.stop();
    },
  };
}

async function brokerKilled(): Promise<void> {
  const port = freePort();
  const broker = await startMosquitto({ port });
  const lines: string[] = [];
  const log = createMemoryLog();
  const reader = log.attach(source({ url: url(port), topic: 'a/#' }, { log: (line) => { lines.push(line); } }));
  await reader.open(log.intake);
  for (let round = 0; round < 3; round += 1) {
    const publisher = await client(port, { clientId: `publisher ${round}`, clean: true });
    publishAll(publisher, numbered(100, round * 100));
    await until(() => log.rows.length === round * 100 + 100);
    if (round === 1) log.commit(150); // half is acknowledged, half is not
    await pause(1800); // mosquitto saves once a second
    await publisher.endAsync(true);
    await broker.kill();
    if (round === 2) log.commit();
    await broker.restart();
    await until(() => lines.filter((line) => line.includes('again')).length === round + 1);
    await pause(100);
  }
  log.commit();
  assert.equal(log.payloads(), numbered(300));
  assert.ok(log.failures.length >= 3 && log.failures.every(({ retry }) => retry), 'each loss of the broker is reported');
  await reader.close();
  await broker.stop();
}

async function subscriptionRenewed(): Promise<void> {
  const port = freePort();
  const broker = await startMosquitto({ port });
  const publisher = await client(port, { clientId: 'publisher' });
  await publisher.publishAsync('a/retained', 'retained', { qos: 1, retain: true });
  const log = createMemoryLog();
  const run = async (topic: string, until_: () => boolean, publish: readonly string[]): Promise<void> => {
    const reader = log.attach(source({ url: url(port), topic }));
    await reader.open(log.intake);
    for (const topicOf of publish) await publisher.publishAsync(topicOf, topicOf, { qos: 1 });
    await until(until_);
    await pause(50);
    log.commit();
    await reader.close();
  };
  await run('a/#', () => log.rows.length === 2, ['a/1']);
  await run('a/#', () => log.rows.length === 3, ['a/2']);
  assert.equal(log.payloads(), ['retained', 'a/1', 'a/2'], 'a kept subscription is not made again: no retained payload twice');
  await run('b/#; $share/group/c', () => log.rows.length === 5, ['a/3', 'b/1', 'c']);
  await publisher.publishAsync('b/2', 'while away', { qos: 1 });
  await run('b/#; $share/group/c', () => log.rows.length === 6, []);
  assert.equal(log.payloads().slice(3).sort(), ['b/1', 'c', 'while away']);
  publisher.end(true);
  await broker.stop();
}

async function refusals(): Promise<void> {
  const port = freePort();
  const folder = workFolder();
  execFileSync('mosquitto_passwd', ['-b', '-c', join(folder, 'passwords'), 'reader', 'right'], { stdio: 'ignore' });
  const settings = `allow_anonymous false\npassword_file ${folder}/passwords\nacl_file FOLDER/acl\n`;
  const broker = await startMosquitto({ port, settings, files: { acl: 'user reader\ntopic read allowed/#\n' } });
  for (const protocol of ['3.1.1', '5']) {
    const wrong = await refusalOf(source({ url: url(port), protocol, username: 'reader', password: 'wrong' }));
    assert.is(wrong.retry, false);
    assert.match(wrong.message, /127\.0\.0\.1/);
    assert.match(wrong.remedy ?? '', /'username' and 'password'/);
  }
  const right = source({ url: `mqtt://reader:right@127.0.0.1:${port}`, topic: 'allowed/#' });
  await right.open(createMemoryLog().intake);
  await right.close();
  await broker.stop();
}

async function overTls(): Promise<void> {
  const port = freePort();
  const folder = workFolder();
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', ...files], { stdio: 'ignore' });
  const broker = await startMosquitto({ port, settings: `allow_anonymous true\ncertfile ${folder}/cert.pem\nkeyfile ${folder}/key.pem\n` });
  const untrusted = await refusalOf(source({ url: `mqtts://localhost:${port}` }));
  assert.is(untrusted.retry, false);
  assert.match(untrusted.remedy ?? '', /'tls\.ca'/);
  const log = createMemoryLog();
  const trusted = log.attach(source({ url: `mqtts://localhost:${port}`, 'tls.ca': join(folder, 'cert.pem') }));
  await trusted.open(log.intake);
  await trusted.close();
  await broker.stop();
}

test('a refused subscription is one error with the remedy', async () => {
  const port = freePort();
  const { broker, close } = await aedesAt(port);
  broker.authorizeSubscribe = (_client, _subscription, done) => { done(null, null); };
  const refused = await refusalOf(source({ url: url(port), topic: 'secret/#' }));
  assert.is(refused.retry, false);
  assert.match(refused.message, /refuses the subscription to secret\/#/);
  assert.match(refused.remedy ?? '', /allow this user/);
  await close();
});

test('an unknown host, nobody at the port and a url that is none are one error each, with the remedy', async () => {
  const unknown = await refusalOf(source({ url: 'mqtt://no-such-host.invalid' }));
  assert.match(unknown.remedy ?? '', /'url'|network/);
  assert.is(unknown.retry, true, 'a gateway that is offline has no DNS');
  const nobody = await refusalOf(source({ url: url(21_899) }));
  assert.match(nobody.remedy ?? '', /port/);
  for (const text of ['broker:1883', 'http://broker', 'mqtt://']) {
    try {
      (mqtt.createSource as (context: ConnectorContext) => Source)(context({ url: text }));
      assert.unreachable(text);
    } catch (error) {
      assert.match((error as IoError).remedy ?? '', /mqtt:\/\/host:1883/, text);
    }
  }
});

test('a password never stands in an error', async () => {
  const error = await refusalOf(source({ url: 'mqtt://user:secret@127.0.0.1:21899' }));
  assert.not.match(`${error.message} ${error.remedy ?? ''}`, /secret/);
});

test.run();
