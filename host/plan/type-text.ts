/** SQL types as text, spelled as Flink spells them. */
import type { SqlType } from './types.ts';

/** `DECIMAL(10, 2) NOT NULL`, `STRING`, ``ROW<`a` INT>``; nothing for nullable; without time attributes. */
export function typeText(type: SqlType): string {
  return type.isNullable ? bareTypeText(type) : `${bareTypeText(type)} NOT NULL`;
}

/** The same without NOT NULL at the outermost level. */
export function bareTypeText(type: SqlType): string {
  switch (type.name) {
    case 'CHAR': case 'VARCHAR': return `${type.name}(${type.length})`;
    case 'DECIMAL': return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'TIMESTAMP': case 'TIMESTAMP_LTZ': return `${type.name}(${type.precision})`;
    case 'TIME': return 'TIME(0)';
    case 'INTERVAL': return type.unit === 'ms' ? 'INTERVAL SECOND(3)' : 'INTERVAL MONTH';
    case 'ROW': return `ROW<${type.fields.map((field) => `\`${field.name}\` ${typeText(field.type)}`).join(', ')}>`;
    default: return type.name;
  }
}
