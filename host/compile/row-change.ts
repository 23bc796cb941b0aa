/** Two rows of one class in generated text, the result before a change and after it: copied, kept apart, compared. */
import { capital, type Job } from './job.ts';
import type { Field } from './layout.ts';
import type { Row } from './rows.ts';

/** Columns that one generated function compares. */
const GROUP_COLUMNS = 12;

/** Statements that copy `source` over `target`. */
export function copyRowLines(target: Row, source: Row): string[] {
  return [`memory.copy(changetype<usize>(${target.name}), changetype<usize>(${source.name}), ${source.layout.sizeBytes});`];
}

/** Statements that copy the texts of `row` from column `first` on into the arena, since what they point to may change. */
export function keptTexts(job: Job, row: Row, first: number): string[] {
  return row.layout.fields.slice(first).filter(({ cell }) => cell === 'text').map((field) => {
    job.use('text/keep', 'keepText');
    const keep = `${row.name}.${field.name} = keepText(${row.name}.${field.name});`;
    const { isNull } = row.view.column(field.nullBit);
    return isNull === 'false' ? keep : `if (!(${isNull})) ${keep}`;
  });
}

/** Adds the function that compares two rows from column `first` on as Flink does, with == for numbers. @returns its name */
export function sameText(job: Job, name: string, row: Row, other: Row, first: number): string {
  const fields = row.layout.fields.slice(first);
  const same = job.name('isSame', capital(name));
  const parts: string[] = [];
  for (let start = 0; start < fields.length; start += GROUP_COLUMNS) {
    const part = fields.length <= GROUP_COLUMNS ? same : job.name(same, `Part${start}`);
    if (part !== same) parts.push(`${part}()`);
    job.addFunction('Whether the results are the same.', `${part}(): bool`, [
      ...start === 0 ? [`if (${row.name}.nulls != ${other.name}.nulls) return false;`] : [],
      ...fields.slice(start, start + GROUP_COLUMNS).map((field) => differenceText(job, row, other, field)),
      'return true;',
    ]);
  }
  if (fields.length === 0) job.addFunction('There is nothing that could differ.', `${same}(): bool`, ['return true;']);
  else if (parts.length > 0) job.addFunction('Whether the results are the same.', `${same}(): bool`, [`return ${parts.join(' && ')};`]);
  return same;
}

function differenceText(job: Job, row: Row, other: Row, field: Field): string {
  const { isNull } = row.view.column(field.nullBit);
  const guard = isNull === 'false' ? '' : `!(${isNull}) && `;
  const [one, two] = [`${row.name}.${field.name}`, `${other.name}.${field.name}`];
  const differs = field.cell === 'text' ? `!textEquals(${one}, ${two})`
    : field.cell === 'wide' ? `(${one} != ${two} || ${one}High != ${two}High)` : `${one} != ${two}`;
  if (field.cell === 'text') job.use('text/text', 'textEquals');
  return `if (${guard}${differs}) return false;`;
}

