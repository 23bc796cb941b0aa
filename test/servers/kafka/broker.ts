/**
 * A real Kafka on 127.0.0.1: one node, or three that are brokers and controllers at once. Nodes are killed, frozen and
 * restarted by pid; their files lie in a temporary folder that goes with them.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, Partitioners, logLevel } from 'kafkajs';
import { kafkaClassPath } from './jars.ts';

const READY_MAX_MS = 180_000; // 2.5 s on an idle machine; 100 s were seen on a loaded one
const STOP_MAX_MS = 20_000;
const CLUSTER_ID = 'MkU3OEVBNTcwNTJENDM2Qg'; // literal: a random one may begin with '-', which the format tool takes for an option
const JVM = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Djava.awt.headless=true'];
const LOG4J = `status=error
appender.c.type=Console
appender.c.name=C
appender.c.layout.type=PatternLayout
appender.c.layout.pattern=[%d] %p %m (%c)%n
rootLogger.level=WARN
rootLogger.appenderRef.c.ref=C
`;

export interface KafkaOptions {
  /** Node n listens on basePort + n (clients) and basePort + 10 + n (controllers), from n = 1. */
  readonly basePort: number;
  readonly nodes?: 1 | 3;
  /** A second listener on basePort, SASL PLAIN over TLS (one node only). `pemFile`: the broker's key and certificate. */
  readonly secured?: { readonly username: string; readonly password: string; readonly pemFile: string };
  /** Further lines of server.properties. */
  readonly properties?: Readonly<Record<string, string>>;
}

export interface KafkaServers {
  /** host:port of every node, comma separated. */
  readonly bootstrap: string;
  /** SIGKILL; resolves when the process is gone. */
  kill(node: number): Promise<void>;
  restart(node: number): Promise<void>;
  pause(node: number): void;
  resume(node: number): void;
  stop(): Promise<void>;
}

/** Starts Kafka and resolves when a transaction with offsets has gone through. */
export async function startKafka(options: KafkaOptions): Promise<KafkaServers> {
  const classPath = kafkaClassPath();
  const folder = mkdtempSync(join(tmpdir(), 'millrace-kafka-'));
  const nodes = Array.from({ length: options.nodes ?? 1 }, (_, index) => index + 1);
  const running = new Map<number, ChildProcess>();
  // A test that dies must not leave brokers behind.
  process.once('exit', () => {
    for (const child of running.values()) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(join(folder, 'log4j2.properties'), LOG4J);

  async function launch(node: number): Promise<void> {
    const home = join(folder, String(node));
    const log = openSync(join(home, 'server.log'), 'a');
    const child = spawn('java', [...JVM, `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`, '-cp', classPath, 'kafka.Kafka', join(home, 'server.properties')], {
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    running.set(node, child);
    await portOpens(child, options.basePort + node, () => `broker ${node} died:\n${tail(join(home, 'server.log'))}`);
  }
  async function end(node: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = running.get(node);
    running.delete(node);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => { child.once('exit', () => resolve()); });
    child.kill('SIGCONT'); // a frozen process keeps SIGTERM for later
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MAX_MS);
    await gone;
    clearTimeout(timer);
  }

  for (const node of nodes) format(classPath, join(folder, String(node)), node, options);
  await Promise.all(nodes.map(launch));
  const bootstrap = nodes.map((node) => `127.0.0.1:${options.basePort + node}`).join(',');
  await transactionPasses(bootstrap, nodes.length);
  return {
    bootstrap,
    kill: (node) => end(node, 'SIGKILL'),
    restart: launch,
    pause: (node) => { running.get(node)?.kill('SIGSTOP'); },
    resume: (node) => { running.get(node)?.kill('SIGCONT'); },
    async stop() {
      await Promise.all(nodes.map((node) => end(node, 'SIGKILL'))); // nothing in it is worth a clean end
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').split('\n').slice(-20).join('\n');
}

function format(classPath: string, home: string, node: number, options: KafkaOptions): void {
  mkdirSync(home, { recursive: true });
  const file = join(home, 'server.properties');
  writeFileSync(file, serverProperties(home, node, options));
  const { status, stdout, stderr } = spawnSync('java', [...JVM, '-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`formatting the storage of broker ${node} failed:\n${stdout}\n${stderr}`);
}

function serverProperties(home: string, node: number, { basePort, nodes = 1, secured, properties = {} }: KafkaOptions): string {
  const voters = Array.from({ length: nodes }, (_, index) => `${index + 1}@127.0.0.1:${basePort + 11 + index}`);
  const plain = `PLAINTEXT://127.0.0.1:${basePort + node}`;
  const second = secured ? `,SASL_SSL://127.0.0.1:${basePort}` : '';
  const replicas = String(nodes);
  const minIsr = nodes === 3 ? '2' : '1';
  return Object.entries({
    'process.roles': 'broker,controller', 'node.id': String(node), 'controller.quorum.voters': voters.join(','),
    'listeners': `${plain},CONTROLLER://127.0.0.1:${basePort + 10 + node}${second}`, 'advertised.listeners': `${plain}${second}`,
    'controller.listener.names': 'CONTROLLER', 'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL',
    ...(secured ? securedProperties(secured) : {}),
    'log.dirs': join(home, 'data'), 'min.insync.replicas': minIsr, 'default.replication.factor': replicas,
    // Tests write records with times of their own, and a broker looks for expired ones half a minute after its start.
    'log.retention.ms': '-1',
    'offsets.topic.replication.factor': replicas, 'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': replicas, 'transaction.state.log.min.isr': minIsr, 'transaction.state.log.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': replicas, 'share.coordinator.state.topic.min.isr': minIsr,
    'group.initial.rebalance.delay.ms': '0', 'auto.create.topics.enable': 'false',
    'num.network.threads': '2', 'num.io.threads': '2', 'background.threads': '2', 'log.cleaner.threads': '1',
    'log.cleaner.dedupe.buffer.size': '4194304', 'log.index.size.max.bytes': '1048576',
    'transaction.abort.timed.out.transaction.cleanup.interval.ms': '1000',
    // A killed node is noticed in seconds, so that a fail-over fits into a test.
    'broker.session.timeout.ms': '3000', 'controller.quorum.fetch.timeout.ms': '1500',
    ...properties,
  }).map(([key, value]) => `${key}=${value}`).join('\n');
}

function securedProperties({ username, password, pemFile }: NonNullable<KafkaOptions['secured']>): Record<string, string> {
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule';
  return {
    'sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.sasl_ssl.plain.sasl.jaas.config': `${login} required username="${username}" password="${password}" user_${username}="${password}";`,
    'listener.name.sasl_ssl.ssl.keystore.type': 'PEM',
    'listener.name.sasl_ssl.ssl.keystore.location': pemFile,
  };
}

async function portOpens(child: ChildProcess, port: number, death: () => string): Promise<void> {
  const deadline = performance.now() + READY_MAX_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(death());
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
      socket.on('error', () => resolve(false));
    });
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error(`no broker on port ${port} after ${READY_MAX_MS / 1000} s`);
}

/** A port that accepts is not a ready coordinator: the first transaction creates two internal topics. */
async function transactionPasses(bootstrap: string, nodeCount: number): Promise<void> {
  const kafka = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING, retry: { retries: 3, initialRetryTime: 50 } });
  const deadline = performance.now() + READY_MAX_MS;
  for (let attempt = 0; ; attempt += 1) {
    const admin = kafka.admin();
    const createPartitioner = Partitioners.DefaultPartitioner; // named, so that kafkajs prints no warning
    const producer = kafka.producer({ createPartitioner, transactionalId: 'ready', idempotent: true, maxInFlightRequests: 1, transactionTimeout: 10_000 });
    try {
      await admin.connect();
      if ((await admin.describeCluster()).brokers.length < nodeCount) throw new Error('not all brokers have joined');
      await admin.createTopics({ topics: [{ topic: 'ready', numPartitions: 1, replicationFactor: nodeCount }] });
      await producer.connect();
      const transaction = await producer.transaction();
      await transaction.send({ topic: 'ready', messages: [{ partition: 0, value: 'ready' }] });
      await transaction.sendOffsets({ consumerGroupId: 'ready', topics: [{ topic: 'ready', partitions: [{ partition: 0, offset: '1' }] }] });
      await transaction.commit();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`no transaction passes after ${attempt} attempts`, { cause: error });
      await sleep(200);
    } finally {
      await Promise.allSettled([producer.disconnect(), admin.disconnect()]);
    }
  }
}
