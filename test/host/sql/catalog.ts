/** A small catalog for tests of the front end, and a shorthand to plan a text with it. */
import type { Catalog, CatalogGuarantee } from '../../../host/plan/catalog.ts';
import type { Plan } from '../../../host/plan/nodes.ts';
import { renderProblems } from '../../../host/plan/problem.ts';
import { COMPILED, type Feature } from '../../../host/plan/supported.ts';
import { planSql } from '../../../host/sql/index.ts';

const once = (): CatalogGuarantee => ({ level: 'exactly-once' });
const noted = (): CatalogGuarantee => ({ level: 'exactly-once', note: 'if payloads in flight are distinct' });
const source = { guarantee: once, isBounded: () => false, metadata: {} };
const sink = { guarantee: once, changelog: 'append' } as const;

export const catalog: Catalog = {
  connectors: [
    {
      name: 'mqtt', description: 'devices', source: { ...source, guarantee: noted, metadata: { client: 'client', qos: 'qos', retain: 'retain' } },
      options: [
        { name: 'listen', type: 'string', description: 'host:port to listen at' },
        { name: 'topic', type: 'string', required: true, description: 'Topic filter' },
        { name: 'qos', type: 'choice', choices: ['0', '1', '2'], description: 'Quality of service' },
        { name: 'inflight', type: 'integer', description: 'Unacknowledged at once' },
        { name: 'buffer', type: 'bytes', description: 'Bytes unacknowledged' },
        { name: 'keepalive', type: 'duration', description: 'Silence allowed' },
        { name: 'clean', type: 'boolean', description: 'Forget the session' },
      ],
    },
    {
      name: 'filesystem', description: 'files', source: { ...source, isBounded: () => true, metadata: { 'file.path': 'topic' } }, sink,
      options: [{ name: 'path', type: 'string', required: true, description: 'File or folder' }],
    },
    {
      name: 'kafka', description: 'topics', sink,
      source: { ...source, metadata: { partition: 'partition', offset: 'offset', timestamp: 'timestamp', key: 'key' } },
      options: [{ name: 'topic', type: 'string', required: true, description: 'Topic to read or write' }],
    },
    { name: 'datagen', description: 'made up', source, options: [{ name: 'fields.#.kind', type: 'choice', choices: ['random', 'sequence'], description: 'How' }] },
    { name: 'upsert-kafka', description: 'topics of changes', sink: { ...sink, changelog: 'upsert' }, options: [] },
    { name: 'print', description: 'the terminal', sink: { ...sink, changelog: 'all' }, options: [] },
  ],
};

/** A source with every kind of column, its event time rt, and a sink of two columns. */
export const TABLES = `CREATE TABLE t (
  device STRING, i INT, n INT NOT NULL, b BIGINT, d DOUBLE, price DECIMAL(10, 2), ok BOOLEAN, ts BIGINT, at TIMESTAMP(3),
  r ROW<a INT, b ROW<c STRING>>,
  topic STRING METADATA VIRTUAL,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), pt AS PROCTIME(),
  WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
) WITH ('connector' = 'mqtt', 'topic' = 'a/#');
CREATE TABLE out (device STRING, n BIGINT) WITH ('connector' = 'kafka', 'topic' = 'results', 'key.fields' = 'device');
`;

/** The plan; throws all problems where there is none. */
export function planned(sql: string, features: ReadonlySet<Feature> = COMPILED): Plan {
  const { plan, problems } = planSql(sql, { fileName: 'job.sql', catalog, features });
  if (plan === undefined) throw new Error(renderProblems(sql, 'job.sql', problems));
  return plan;
}

/** `code message` of each problem, in order of place. */
export function problemsOf(sql: string, features: ReadonlySet<Feature> = COMPILED): string[] {
  const { problems } = planSql(sql, { fileName: 'job.sql', catalog, features });
  return [...problems].sort((a, b) => a.span.start - b.span.start).map(({ code, message }) => `${code} ${message}`);
}
