/** What the documents say is there: links lead somewhere, jobs can be planned, options and figures carry the names they have. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { catalog } from '../host/cli/catalog.ts';
import { planSql } from '../host/sql/index.ts';

const PAGES = ['README.md', 'CHANGELOG.md', ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
const read = (page: string): string => readFileSync(page, 'utf8');

test('every relative link of every page leads to a file', () => {
  const broken = PAGES.flatMap((page) => [...read(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(dirname(page), target)))
    .map((target) => `${page}: ${target}`));
  assert.equal(broken, []);
});

test('every SQL example can be planned; one without a query shows a table', () => {
  for (const page of PAGES) {
    for (const [, sql = ''] of read(page).matchAll(/```sql\n([^]*?)```/g)) {
      const { problems } = planSql(sql, { fileName: page, catalog });
      assert.equal(problems.filter(({ code, severity }) => code !== 'no-result' && severity === 'error').map(({ message }) => `${page}: ${message}`), []);
    }
  }
});

test('every option of an mqtt table is named by its page', () => {
  const options = catalog.connectors.find(({ name }) => name === 'mqtt')?.options ?? [];
  const text = read('docs/mqtt.md');
  assert.equal(options.map(({ name }) => name).filter((name) => !text.includes(`\`${name}\``)), []);
});

test('every figure that deploying.md watches is one that --metrics serves', () => {
  const served = read('host/cli/exposition.ts');
  for (const [name] of read('docs/deploying.md').matchAll(/millrace_[a-z_]+/g)) assert.ok(served.includes(`'${name}'`), name);
});

test.run();
