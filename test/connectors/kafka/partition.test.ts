import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { createPartitioner, murmur2, partitionOfKey } from '../../../connectors/kafka/partition.ts';
import { kafkaMissing } from '../../servers/kafka/jars.ts';
import { partitionsByJava } from './java.ts';
import { result, results } from './world.ts';

const testWithJava = kafkaMissing() ? test.skip : test;
const WRITER = new TextEncoder().encode('gateway/job/results');

test('the hash of a key does not depend on where its bytes lie', () => {
  const bytes = new TextEncoder().encode('..device-7..');
  assert.is(murmur2(bytes.subarray(2, 10)), murmur2(new TextEncoder().encode('device-7')));
});

testWithJava('a key goes to the partition that the Java client picks, for keys of every length and any bytes', async () => {
  const seed = 7;
  const keys = [
    ...Array.from({ length: 40 }, (_, length) => new Uint8Array(length).fill(length * 37)),
    ...fc.sample(fc.uint8Array({ maxLength: 100 }), { numRuns: 500, seed }),
  ];
  for (const partitionCount of [1, 3, 12, 1000]) {
    assert.equal(keys.map((key) => partitionOfKey(key, partitionCount)), await partitionsByJava(keys, partitionCount), `seed ${seed}`);
  }
});

test('results of one key stay in one partition and in order', () => {
  const groups = createPartitioner('default', 3, WRITER)(results(1, 100));
  for (const group of groups.values()) assert.equal(group.map(({ sequence }) => sequence), group.map(({ sequence }) => sequence).sort((a, b) => a - b));
  const keys = [...groups.values()].map((group) => new Set(group.map(({ key }) => new TextDecoder().decode(key))));
  assert.is(keys.reduce((total, { size }) => total + size, 0), 16, 'no key in two partitions');
});

test('results without a key fill one partition a transaction and move on with the next', () => {
  const split = createPartitioner('default', 3, WRITER);
  const keyless = results(1, 10).map((one) => ({ ...one, key: undefined }));
  const partitions = [split(keyless), split(keyless), split(keyless)].map((groups) => [...groups.keys()]);
  assert.equal(partitions.map(({ length }) => length), [1, 1, 1]);
  assert.equal(partitions.flat().sort(), [0, 1, 2]);
});

test('the fixed partitioner knows one partition and the round-robin one takes them in turn', () => {
  assert.is(createPartitioner('fixed', 5, WRITER)(results(1, 50)).size, 1);
  assert.equal([...createPartitioner('round-robin', 3, WRITER)([result(3), result(4), result(5)]).keys()], [0, 1, 2]);
});

test.run();
