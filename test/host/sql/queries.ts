/** Random queries of the whole language over the tables of catalog.ts: most of them are right. */
import fc from 'fast-check';

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const text = (strings: TemplateStringsArray, ...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> => (
  fc.tuple(...parts).map((values) => strings.map((string, index) => string + (values[index] ?? '')).join(''))
);
const list = (one: fc.Arbitrary<string>, most: number, joiner = ', '): fc.Arbitrary<string> => (
  fc.array(one, { minLength: 1, maxLength: most }).map((all) => [...new Set(all)].join(joiner))
);
const maybe = (one: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.option(one, { nil: '' });

const COLUMNS = ['device', 'i', 'n', 'b', 'd', 'price', 'ok', 'rt', 'pt', 'r.a'] as const;
const column = pick(...COLUMNS);
const comparison = text`${pick('i', 'n', 'b', 'd')} ${pick('=', '<', '>=', '<>')} ${pick('1', 'n', 'i', '2.5')}`;
const condition = fc.oneof(comparison, pick('ok', 'device IS NULL', "device LIKE 'a%'", 'n IN (1, 2)'), text`${comparison} AND ok`, text`${comparison} OR ok`);
const call = fc.oneof(pick('COUNT(*)', 'SUM(i)', 'MAX(device)', 'AVG(price)', 'MIN(n)'), pick('COUNT(DISTINCT device)', 'SUM(n) FILTER (WHERE ok)'));
const size = pick("INTERVAL '10' SECOND", "INTERVAL '1' MINUTE");
const window = fc.oneof(
  text`TUMBLE(TABLE t, DESCRIPTOR(rt), ${size})`, text`HOP(TABLE t, DESCRIPTOR(rt), INTERVAL '7' SECOND, ${size})`,
  text`CUMULATE(TABLE t, DESCRIPTOR(rt), INTERVAL '5' SECOND, ${size})`, text`SESSION(TABLE t PARTITION BY device, DESCRIPTOR(rt), ${size})`,
).map((inner) => `TABLE(${inner})`);
const windowed = text`SELECT window_start, window_end, window_time AS rt, ${list(call, 2).map((calls) => calls.split(', ').map((one, index) => `${one} AS c${index}`).join(', '))} FROM ${window} ${maybe(text`WHERE ${condition} `)}GROUP BY window_start, window_end, window_time`;
const frame = pick('', ' ROWS 2 PRECEDING', " RANGE BETWEEN INTERVAL '1' MINUTE PRECEDING AND CURRENT ROW");
const over = text`SELECT device, i, n, ok, rt, ${pick('SUM(n)', 'COUNT(*)', 'LAG(i)')} OVER (PARTITION BY ${pick('device', 'ok', 'UPPER(device)')} ORDER BY ${pick('rt', 'pt')}${frame}) AS o FROM t`;
const ranked = text`SELECT ${list(pick('device', 'i', 'n', 'rn', 'rt'), 3)} FROM (SELECT *, ${pick('ROW_NUMBER', 'RANK')}() OVER (PARTITION BY ${list(pick('device', 'ok'), 2)} ORDER BY ${list(pick('n', 'i DESC', 'rt', 'rt DESC'), 2)}) AS rn FROM t) WHERE rn ${pick('= 1', '<= 3', '< 3 AND ok')}`;
const plain = text`SELECT ${list(column, 4)} FROM t ${maybe(text`WHERE ${condition}`)}`;
const grouped = text`SELECT device, ${list(call, 2)} FROM t ${maybe(text`WHERE ${condition}`)} GROUP BY ${pick('device', 'device, ok', 'ROLLUP (device, ok)', 'GROUPING SETS ((device, n), (device))')} ${maybe(pick('HAVING COUNT(*) > 1'))}`;
const on = fc.oneof(
  pick('a.device = c.device', 'a.i = c.n AND a.ok', 'a.b > c.n', 'a.i = c.b'),
  text`a.device = c.device AND a.rt BETWEEN c.rt - ${size} AND c.rt`,
);
const joined = text`SELECT a.device, a.i, c.n AS m, a.rt FROM t AS a ${pick('JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN')} (SELECT device, n, b, rt, ok AS good FROM t) AS c ON ${on} ${maybe(pick('WHERE a.n > 1', 'WHERE c.n > 1 AND good', 'WHERE a.i = c.b'))}`;
const semi = text`SELECT device, n FROM t AS a WHERE ${pick('', 'NOT ')}EXISTS (SELECT 1 FROM t AS c WHERE ${on}) AND ${condition}`;
const inQuery = text`SELECT i, ok FROM t WHERE device ${pick('IN', 'NOT IN')} (SELECT device FROM t WHERE ${condition})`;

/** One query, perhaps in another one. */
export const query: fc.Arbitrary<string> = fc.letrec<{ query: string }>((tie) => {
  const inner = tie('query');
  return {
    query: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      plain, windowed, over, ranked, grouped, joined, semi, inQuery,
      text`SELECT DISTINCT * FROM (${inner}) AS x`, text`SELECT COUNT(*) AS c FROM (${inner}) AS x`, text`SELECT * FROM (${inner}) AS x ${pick('LIMIT 3', 'ORDER BY 1 LIMIT 2', 'ORDER BY rt')}`,
      text`${plain} ${pick('UNION ALL', 'UNION', 'EXCEPT', 'INTERSECT')} ${plain}`,
      text`SELECT window_start, COUNT(*) AS c FROM TABLE(TUMBLE((${inner}), DESCRIPTOR(rt), ${size})) GROUP BY window_start, window_end`,
      text`WITH x AS (${inner}), y AS (${inner}) SELECT * FROM x, y`,
    ),
  };
}).query;
