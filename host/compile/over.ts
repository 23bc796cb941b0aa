/**
 * OVER in generated text: rows wait in order of event time, or come in order of arrival; the hooks by which assembly/over
 * reads a row, and the pane of each partition with the aggregates of its frame.
 */
import type { AggregateCall, OverNode } from '../plan/nodes.ts';
import type { Continuation, Downstream, Feed } from './circuit.ts';
import { encoding, type Encoding } from './encoding.ts';
import { aggregateInputs } from './group-inputs.ts';
import { groupKey } from './group-key.ts';
import { block, capital } from './job.ts';
import { keysText } from './keys.ts';
import { nodeText, type Branch } from './nodes.ts';
import { paneRecord, type Pane } from './pane.ts';
import { pushText } from './push.ts';
import { addRow, chosen, type Row, type View } from './rows.ts';
import { progressOf, type Progress } from './time.ts';

/** As assembly/state/dictionary.ts and over/frame.ts have them, and a block for the key's bytes. */
const KEY_PAGES = 7;
const OVER_PAGES = 5;
const REGISTER_BYTES = 64;
/** Results that one generated function reads. */
const GROUP_COLUMNS = 12;

/** Constants of one OVER. */
interface Names { readonly keys: string; readonly panes: string; readonly histories: string; readonly waiting: string; readonly peers: string }
/** What is generated over the row that is sent. */
interface Texts { readonly hooks: string; readonly pane: Pane; readonly drain: string | undefined }

/** Adds the functions of an OVER and of all below it. */
export function over(branch: Branch, node: OverNode, down: Downstream): void {
  const { circuit, name } = branch;
  const { job } = circuit;
  const { unit, preceding } = node.frame;
  const isEvent = node.time === 'event';
  if (!isEvent && preceding !== undefined) throw new Error('a bounded OVER in order of arrival is not compiled; the check refuses it before');
  const table = (words: string): string => {
    const constant = job.name(name, words);
    job.use('state/table', 'Table');
    job.add('constants', `const ${constant} = changetype<Table>(0x${job.registers.take(REGISTER_BYTES).toString(16)});`);
    circuit.init.push(`${constant}.init();`);
    return constant;
  };
  const names: Names = {
    keys: job.name(name, 'Keys'), panes: table('Panes'), histories: table('Histories'),
    waiting: isEvent ? waitingText(branch) : '', peers: isEvent && unit === 'range' ? peersText(branch) : '',
  };
  circuit.init.push(keysText(job, names.keys));
  const progress = progressOf(branch, node.input);
  const sent = addRow(job, job.name(name, 'Over'), node.columns, `A row of ${branch.words} with the aggregates of its frame.`);
  const push = pushText(branch, sent, down, Math.min(...progress.sources), false);
  const made: Texts[] = [];
  nodeText(branch, node.input, {
    over: (feed) => {
      const bytes = encoding(job, name, 'Row', feed.view);
      const texts = { ...overTexts(branch, node, sent, bytes, push.push, preceding !== undefined), drain: push.next.drain };
      made.push(texts);
      return entered(branch, node, feed, bytes, names, texts, progress);
    },
  });
  const [texts] = made;
  if (!isEvent || texts === undefined) return;
  circuit.works.push({
    sources: progress.sources, advance: progress.advance, fire: fireText(branch, node, names, texts, progress.watermark),
    isDue: `${names.waiting}.isDue(${progress.combined})`,
  });
}

function waitingText({ circuit: { job, init }, name }: Branch): string {
  const waiting = job.name(name, 'Waiting');
  job.use('state/waiting', 'WaitingRows', 'waitingRowBytes');
  job.add('constants', `const ${waiting} = changetype<WaitingRows>(0x${job.registers.take(REGISTER_BYTES).toString(16)});`);
  init.push(`${waiting}.init();`);
  return waiting;
}

function peersText({ circuit: { job }, name }: Branch): string {
  const peers = job.name(name, 'Peers');
  job.use('over/frame', 'Peers');
  job.add('constants', `const ${peers} = changetype<Peers>(0x${job.registers.take(REGISTER_BYTES).toString(16)});`);
  return peers;
}

/** Adds the pane's class and the hooks, which have no state. */
function overTexts(branch: Branch, node: OverNode, sent: Row, bytes: Encoding, push: string, retracts: boolean): Omit<Texts, 'drain'> {
  const { circuit: { job, burials }, name, words } = branch;
  const inputCount = node.input.columns.length;
  const input: View = { columns: node.input.columns, column: (index) => sent.view.column(index) };
  const columns = node.columns.slice(inputCount);
  const aggregates = node.aggregates.map((call): AggregateCall => (call.name === 'rowNumber' ? { ...call, name: 'count', args: [] } : call));
  const inputs = aggregateInputs(job, name, { keys: [], aggregates, columns }, input, words);
  const pane = paneRecord(job, name, inputs.calls, { isRetracting: retracts });
  const load = job.name('load', capital(name));
  job.addFunction(`The row at \`from\` into ${sent.name}, and what its aggregates need.`, `${load}(from: usize): void`, [
    `${sent.name}.nulls = 0;`, ...bytes.decode(sent, 0, 'from'), ...inputs.lines,
  ]);
  const parts = pane.results(sent, inputCount);
  const reads: string[] = [];
  for (let start = 0; start < parts.length; start += GROUP_COLUMNS) {
    const read = job.name('read', capital(name), 'Values', start === 0 ? '' : String(start));
    const lines = parts.slice(start, start + GROUP_COLUMNS).flat();
    const address = lines.some((line) => line.includes('at + ')) ? ['const at = changetype<usize>(pane);'] : [];
    job.addFunction('The aggregates of the frame.', `${read}(pane: ${pane.className}): void`, [...address, ...lines]);
    reads.push(`${read}(pane);`);
  }
  const bury = burials[0]?.result ?? '';
  if (inputs.lines.length > 0) job.use('error', 'clearError', 'errorReason');
  if (inputs.lines.length > 0) job.use('operator', 'hasFailed');
  const checked = inputs.lines.length === 0 ? [] : [`    if (hasFailed()) return ${bury}(errorReason());`];
  const hooks = job.name(capital(name), 'Hooks');
  job.add('classes', `/** How rows of ${name} are read and handed on. */\n@final @unmanaged\nclass ${hooks} {\n${block([
    'load(from: usize): void {', ...inputs.lines.length > 0 ? ['  clearError();'] : [], `  ${load}(from);`, '}', '',
    `send(pane: ${pane.className}): void {`, ...checked.map((line) => line.slice(2)), ...reads.map((line) => `  ${line}`), `  ${push}();`, '}',
  ])}}`);
  return { hooks, pane };
}

/** The row to those that wait, or at once to its frame. */
function entered(
  { circuit: { job }, name }: Branch, node: OverNode, feed: Feed, bytes: Encoding, names: Names, { hooks, pane, drain }: Texts, progress: Progress,
): Continuation {
  const key = groupKey(job, name, chosen(feed.view, node.partition), node.partition.length, names.keys);
  job.describeState({ over: name, frame: node.frame, time: node.time, key: key.shape, row: bytes.shape, pane: pane.shape });
  const needs = { pages: KEY_PAGES + OVER_PAGES + pane.heapPages, lengths: [...key.length === undefined ? [] : [key.length]] };
  if (node.time !== 'event') {
    job.use('over/frame', 'overRow');
    return {
      take: [...key.encode, ...bytes.encode], apply: [`overRow<${hooks}, ${pane.className}>(${names.panes}, ${names.keys}, ${key.entry}, ${bytes.address});`],
      needs, outputBytes: undefined, emits: true, drain,
    };
  }
  const time = feed.view.column(node.timeColumn).value;
  job.use('time/late', 'countLate');
  const apply = job.name('apply', capital(name));
  job.addFunction(`The row to those of ${name} that wait for their time.`, `${apply}(): void`, [
    `if (${time} <= ${progress.watermark}) return countLate();`,
    `const entry = ${key.entry};`,
    `${names.keys}.retain(entry);`,
    `${names.waiting}.enter(${time}, entry, 0, ${bytes.address}, ${bytes.length});`,
  ]);
  return {
    take: [...key.encode, ...bytes.encode], apply: [`${apply}();`],
    needs: { ...needs, lengths: [...needs.lengths, `waitingRowBytes(${bytes.length})`] }, outputBytes: undefined, emits: false, drain: undefined,
  };
}

/** Rows whose time has come, each with its frame. */
function fireText({ circuit: { job }, name }: Branch, { frame }: OverNode, names: Names, { hooks, pane, drain }: Texts, watermark: string): string {
  const fire = job.name('fire', capital(name));
  const types = `<${hooks}, ${pane.className}>`;
  const { keys, panes, histories, waiting, peers } = names;
  const preceding = String(frame.preceding ?? -1);
  job.use('emit/output', 'isOutputFull');
  job.use('text/arena', 'reset');
  job.use('state/heap', 'hasRoom');
  job.use('full', 'setFull');
  const pages = OVER_PAGES + pane.heapPages;
  const begin = ['  if (isOutputFull()) return false;', '  reset();', `  if (!hasRoom(${pages}, 0)) {`, '    setFull();', '    return false;', '  }'];
  const after = drain === undefined ? [] : [`  if (!${drain}()) return false;`];
  let lines: string[];
  if (frame.unit === 'range') {
    const isBounded = frame.preceding !== undefined;
    const add = isBounded ? `addPeersWithin${types}(${waiting}, ${peers}, ${panes}, ${histories}, ${keys}, ${preceding});`
      : `addPeers${types}(${waiting}, ${peers}, ${panes}, ${keys});`;
    job.use('over/frame', isBounded ? 'addPeersWithin' : 'addPeers', 'sendPeer');
    lines = [
      `while (!${peers}.list().isEmpty() || ${waiting}.isDue(${watermark})) {`, ...begin,
      `  if (${peers}.list().isEmpty()) ${add}`,
      `  sendPeer${types}(${peers}, ${panes}, ${histories}, ${keys}, ${preceding});`, ...after, '}',
    ];
  } else {
    const step = frame.preceding === undefined ? `overAllRows${types}(${waiting}, ${panes}, ${keys});`
      : `overLastRows${types}(${waiting}, ${panes}, ${histories}, ${keys}, ${preceding});`;
    job.use('over/frame', frame.preceding === undefined ? 'overAllRows' : 'overLastRows');
    lines = [`while (${waiting}.isDue(${watermark})) {`, ...begin, `  ${step}`, ...after, '}'];
  }
  const comment = `Rows of ${name} that the watermark has passed go on. @returns false when the output was full first`;
  job.addFunction(comment, `${fire}(): bool`, [...lines, 'return true;']);
  return fire;
}
