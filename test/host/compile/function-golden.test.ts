/** Functions answer as Apache Flink answered (test/golden/functions.json), with operands as columns, and have Flink's types. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { golden } from '../../golden.ts';
import { judged } from './function-judgement.ts';
import { functionTable } from './function-table.ts';

const test = suite('functions as in Flink');

test('every function that is bound gives what Flink gives', async () => {
  const { wrong } = await judged();
  assert.equal(wrong, []);
});

test('every function that is bound has the type that Flink gives it', async () => {
  const { wrongTypes } = await judged();
  assert.equal(wrongTypes, []);
});

test('the table of functions tells what these answers tell', async () => {
  golden('../../docs/functions.md', functionTable(await judged()));
});

test.run();
