/** Signatures of the functions of text. */
import { always, asFirst, perhaps, shortened, signature, type NamedSignature, type TypeRule } from './signature.ts';
import { textLengthMax, varchar } from './type-rules.ts';

const int = always('INT');
const string = always('STRING');
const boolean = always('BOOLEAN');

const charLength = signature('charLength', ['text'], int);
/** At most as long as the text, and NULL for whatever reason. */
const part: TypeRule = ([text]) => varchar(text === undefined ? 0 : textLengthMax(text), true);
const substring = signature('substring', ['text', 'integer', 'integer'], part, { least: 2 });
const hashed = (name: 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512', length: number): NamedSignature => (
  [name.toUpperCase(), signature(name, ['text'], ([text]) => ({ name: 'CHAR', length, isNullable: text?.isNullable === true }))]);

export const TEXT_FUNCTIONS: readonly NamedSignature[] = [
  ['UPPER', signature('upper', ['text'], asFirst)], ['LOWER', signature('lower', ['text'], asFirst)],
  ['TRIM', signature('trim', ['text', 'text'], shortened, { least: 1 })],
  ['LTRIM', signature('ltrim', ['text', 'text'], shortened, { least: 1 })],
  ['RTRIM', signature('rtrim', ['text', 'text'], shortened, { least: 1 })],
  ['BTRIM', signature('trim', ['text', 'text'], string, { least: 1 })],
  ['CHAR_LENGTH', charLength], ['CHARACTER_LENGTH', charLength], ['SUBSTRING', substring], ['SUBSTR', substring],
  ['POSITION', signature('position', ['text', 'text'], int)], ['CONCAT', signature('concat', ['text'], string, { least: 1, most: 100 })],
  ['REPLACE', signature('replace', ['text', 'text', 'text'], string)],
  ['LEFT', signature('left', ['text', 'integer'], part)], ['RIGHT', signature('right', ['text', 'integer'], part)],
  ['LPAD', signature('lpad', ['text', 'integer', 'text'], string)], ['RPAD', signature('rpad', ['text', 'integer', 'text'], string)],
  ['REPEAT', signature('repeat', ['text', 'integer'], string)], ['REVERSE', signature('reverse', ['text'], perhaps('STRING'))],
  ['INITCAP', signature('initcap', ['text'], asFirst)], ['ASCII', signature('ascii', ['text'], int)], ['CHR', signature('chr', ['long'], perhaps('STRING'))],
  ['INSTR', signature('instr', ['text', 'text'], int)],
  ['STARTSWITH', signature('startsWith', ['text', 'text'], boolean)], ['ENDSWITH', signature('endsWith', ['text', 'text'], boolean)],
  ['SPLIT_INDEX', signature('splitIndex', ['text', 'text', 'integer'], perhaps('STRING'))],
  ['TO_BASE64', signature('toBase64', ['text'], string)], ['FROM_BASE64', signature('fromBase64', ['text'], string)],
  ['UNHEX', signature('unhex', ['text'], perhaps('BYTES'))],
  ['URL_ENCODE', signature('urlEncode', ['text'], perhaps('STRING'))], ['URL_DECODE', signature('urlDecode', ['text'], perhaps('STRING'))],
  hashed('md5', 32), hashed('sha1', 40), hashed('sha224', 56), hashed('sha256', 64), hashed('sha384', 96), hashed('sha512', 128),
  ['REGEXP', signature('regexp', ['text', 'pattern'], boolean)],
  ['REGEXP_REPLACE', signature('regexpReplace', ['text', 'pattern', 'text'], string)],
  ['REGEXP_COUNT', signature('regexpCount', ['text', 'pattern'], perhaps('INT'))],
  ['REGEXP_INSTR', signature('regexpInstr', ['text', 'pattern'], perhaps('INT'))],
  ['REGEXP_SUBSTR', signature('regexpSubstr', ['text', 'pattern'], perhaps('STRING'))],
];
