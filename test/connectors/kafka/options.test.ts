import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { kafka } from '../../../connectors/kafka.ts';
import { readOptions } from '../../../connectors/kafka/options.ts';

const PLAIN = { 'topic': 'results', 'properties.bootstrap.servers': 'a:9092, b:9092' };

test('defaults are exactly-once, without encryption', () => {
  const options = readOptions(PLAIN);
  assert.equal([options.brokers, options.isTransactional, options.tls, options.sasl, options.progressTopic], [['a:9092', 'b:9092'], true, undefined, undefined, 'millrace-progress']);
});

test('a JAAS line as Java clients write it gives user and password', () => {
  const jaas = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="edge" password="a\\"b;c" ;';
  const { sasl, tls } = readOptions({ ...PLAIN, 'properties.security.protocol': 'SASL_SSL', 'properties.sasl.mechanism': 'SCRAM-SHA-512', 'properties.sasl.jaas.config': jaas });
  assert.equal(sasl, { mechanism: 'scram-sha-512', username: 'edge', password: 'a"b;c' });
  assert.ok(tls);
});

test('what cannot be used is refused with the name of the option, for good', () => {
  const refused = (options: Record<string, string>): string => {
    try {
      readOptions({ ...PLAIN, ...options });
    } catch (error) {
      assert.is((error as { retry?: boolean }).retry, false);
      return (error as Error).message;
    }
    return 'taken';
  };
  assert.match(refused({ 'properties.security.protocol': 'TLS' }), /security.protocol/);
  assert.match(refused({ 'properties.security.protocol': 'SASL_SSL' }), /user and a password/);
  assert.match(refused({ 'properties.security.protocol': 'SSL', 'properties.ssl.truststore.type': 'JKS' }), /truststore.type/);
  assert.match(refused({ 'properties.security.protocol': 'SSL', 'properties.ssl.truststore.location': '/nowhere.pem' }), /nowhere.pem/);
  assert.match(refused({ 'properties.transaction.timeout.ms': '15 s' }), /transaction.timeout.ms/);
  assert.match(refused({ 'topic': '' }), /topic/);
});

test('options that hold secrets are marked, so that nobody prints them', () => {
  const secrets = kafka.description.options.filter(({ isSecret }) => isSecret).map(({ name }) => name);
  assert.equal(kafka.description.options.filter(({ name }) => /password|jaas|\.key$/.test(name)).map(({ name }) => name), secrets);
});

test('the guarantee follows the option', () => {
  const levelOf = (options: Record<string, string>): string | undefined => kafka.description.sink?.guarantee(options).level;
  assert.is(levelOf(PLAIN), 'exactly-once');
  assert.is(levelOf({ ...PLAIN, 'sink.delivery-guarantee': 'at-least-once' }), 'at-least-once');
});

test.run();
