/** Tables of the manifest -> connectors that can carry them, found before anything starts. */
import type { Manifest, ManifestSink, ManifestSource } from '../manifest.ts';
import type { Connector, ConnectorContext, Platform, Sink, Source } from '../ports.ts';
import { Refusal } from './errors.ts';
import { PAYLOAD_BYTES_MAX } from './intake.ts';
import type { Identity } from './recover.ts';
import type { RunSettings } from './settings.ts';

export interface BindingParts {
  readonly platform: Platform;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly settings: RunSettings;
  log(line: string): void;
}

/** Makes sources and sinks by their index in the manifest, a new one each time. */
export interface Binding {
  source(index: number, identity: Identity): Source;
  sink(index: number, identity: Identity): Sink;
}

/** Throws Refusal when a connector is missing, cannot be used this way, or a limit does not fit. */
export function bindConnectors(parts: BindingParts, manifest: Manifest): Binding {
  for (const { table, payloadMaxBytes } of manifest.sources) {
    if (payloadMaxBytes <= PAYLOAD_BYTES_MAX) continue;
    throw new Refusal(`table ${table}: payloads of ${payloadMaxBytes} bytes do not fit a log record`, `allow at most ${PAYLOAD_BYTES_MAX} bytes`);
  }
  const contextOf = (table: ManifestSource | ManifestSink) => (identity: Identity): ConnectorContext => ({
    table: 'name' in table ? table.name : table.table, columns: table.columns, clock: parts.platform.clock, gateway: identity.gateway, job: identity.job,
    payloadMaxBytes: 'payloadMaxBytes' in table ? table.payloadMaxBytes : 0,
    options: parts.settings.resolveOptions?.(table.options, table.table) ?? table.options,
    log: (line) => { parts.log(`${table.table}: ${line}`); },
  });
  function connector({ table, connector: name }: ManifestSource | ManifestSink): Connector {
    const found = parts.connectors.get(name);
    if (found) return found;
    throw new Refusal(`table ${table}: there is no connector '${name}'`, `known connectors: ${[...parts.connectors.keys()].join(', ')}`);
  }
  function unable({ table, connector: name }: ManifestSource | ManifestSink, role: string): Refusal {
    return new Refusal(`table ${table}: connector '${name}' cannot be a ${role}`, `use another connector for this table`);
  }
  const sources = manifest.sources.map((table) => {
    const from = connector(table);
    if (!from.createSource) throw unable(table, 'source');
    const context = contextOf(table);
    return (identity: Identity): Source | undefined => from.createSource?.(context(identity));
  });
  const sinks = manifest.sinks.map((table) => {
    const from = connector(table);
    if (!from.createSink) throw unable(table, 'sink');
    const context = contextOf(table);
    return (identity: Identity): Sink | undefined => from.createSink?.(context(identity));
  });
  return {
    source: (index, identity) => sources[index]?.(identity) as Source,
    sink: (index, identity) => sinks[index]?.(identity) as Sink,
  };
}
