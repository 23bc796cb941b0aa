/** All connectors by name. Their modules are small: a driver is loaded only when a job opens one. */
import { blackhole } from '../../connectors/blackhole.ts';
import { datagen } from '../../connectors/datagen.ts';
import { filesystem } from '../../connectors/filesystem.ts';
import { kafka } from '../../connectors/kafka.ts';
import { mqtt } from '../../connectors/mqtt.ts';
import { print } from '../../connectors/print.ts';
import { upsertKafka } from '../../connectors/upsert-kafka.ts';
import type { Connector, ConnectorDescription } from '../ports.ts';

const ALL: readonly Connector[] = [mqtt, kafka, upsertKafka, filesystem, datagen, print, blackhole];

export const connectors: ReadonlyMap<string, Connector> = new Map(ALL.map((connector) => [connector.description.name, connector]));

/** What `check` and `explain` read. */
export const catalog: { readonly connectors: readonly ConnectorDescription[] } = { connectors: ALL.map(({ description }) => description) };
