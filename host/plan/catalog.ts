/** What the check of a job knows about connectors: data alone, structurally the descriptions of host/ports.ts. */

import type { MetadataField } from './nodes.ts';

export interface CatalogOption {
  /** A `#` in the name stands for the name of any column. */
  readonly name: string;
  readonly type: 'string' | 'integer' | 'bytes' | 'duration' | 'boolean' | 'choice';
  readonly choices?: readonly string[];
  readonly required?: boolean;
  /** Name of an option that takes the place of this required one. */
  readonly unless?: string;
  readonly defaultText?: string;
  readonly description: string;
  readonly isSecret?: boolean;
}

export interface CatalogGuarantee { readonly level: 'exactly-once' | 'at-least-once' | 'at-most-once'; readonly note?: string }

type Options = Readonly<Record<string, string>>;

export interface CatalogConnector {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CatalogOption[];
  readonly source?: {
    readonly guarantee: (options: Options) => CatalogGuarantee;
    readonly isBounded: (options: Options) => boolean;
    /** Keys of METADATA columns beyond `topic` and `arrival`. */
    readonly metadata: Readonly<Record<string, MetadataField>>;
  };
  readonly sink?: {
    readonly guarantee: (options: Options) => CatalogGuarantee;
    readonly changelog: 'append' | 'upsert' | 'all';
  };
}

export interface Catalog { readonly connectors: readonly CatalogConnector[] }
