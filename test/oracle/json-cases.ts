/** Payloads that Flink's json format reads, and values that it writes. */

/** `columns`: as in CREATE TABLE. `standard`: 'json.timestamp-format.standard', SQL unless said. */
export interface Read { readonly columns: string; readonly payload?: string; readonly base64?: string; readonly standard?: 'ISO-8601' }
/** The value is CAST(sql AS type). `plainDecimals`: 'json.encode.decimal-as-plain-number'. */
export interface Write { readonly type: string; readonly sql: string; readonly standard?: 'ISO-8601'; readonly plainDecimals?: boolean }

const cell = (type: string, ...values: readonly string[]): Read[] => values.map((value) => ({ columns: `v ${type}`, payload: `{"v":${value}}` }));
const iso = (reads: readonly Read[]): Read[] => reads.map((read) => ({ ...read, standard: 'ISO-8601' }));
const quoted = (texts: readonly string[]): string[] => texts.map((text) => JSON.stringify(text));

const NUMBERS = ['12', '-12', '0', '-0', '12.7', '-12.7', '12.0', '1e2', '1.5e1', '1E+2', '1e-1', '127', '128', '-129', '32768', '2147483647', '2147483648', '-2147483649', '4294967297', '9223372036854775807', '9223372036854775808', '1e30', '1e400',
  '"12"', '" 12 "', '"12.7"', '"1e2"', '""', '" "', '"abc"', '"NaN"', '"Infinity"', '"-Infinity"', '"+5"', '"0x10"', '"2147483648"', 'NaN', 'Infinity', 'true', 'false', '"true"', 'null', '"null"', '{}', '[]', '[1]', '{"a":1}', '012', '+1', '.5', '5.'];
const TEXTS = ['"x"', '""', '" x "', '"caf\u00e9 \u{1f600}"', '"\\u00e9\\ud83d\\ude00"', '"\\ud83d"', '"a\\"b\\\\c\\/d\\n\\t\\b"', '"\\x"', '"a\tb"', '12', '12.50', '1e5', '1E5', '-0', '0.10', '100000000000000000000', 'true', 'false', 'null', '"null"', '{}', '{"b": 1, "a": [1,2.50]}', '{"b":"x\\"\\u00e9"}', '[1, 2,"x"]', '[]', '1.0', '1.7976931348623157e308', '123456789.123456789123456789'];
const TIMES = ['2020-02-29 12:34:56', '2020-02-29 12:34:56.1', '2020-02-29 12:34:56.123', '2020-02-29 12:34:56.1239', '2020-02-29 12:34:56.123456789', '2020-02-29T12:34:56', '2020-02-29T12:34:56.123', '2020-02-29 12:34:56Z', '2020-02-29 12:34:56.123Z', '2020-02-29T12:34:56Z', '2020-02-29T12:34:56.123Z', '2020-02-29T12:34:56.123+02:00', '2020-02-29T12:34:56+0200', '2020-02-29 12:34:56.123+02:00', '2020-02-29 12:34', '2020-02-29', '2019-02-29 00:00:00', '2020-02-30 00:00:00', '2020-1-2 03:04:05', '1969-12-31 23:59:59.999Z', '0001-01-01 00:00:00', ' 2020-02-29 12:34:56', '2020-02-29 24:00:00', '', 'x'];
const RAW_TIMES = ['1582979696123', '12.5', 'null', 'true', '{}', '"1582979696123"'];
const DATES = ['2020-02-29', '2019-02-29', '2020-2-9', '2020-02-29T00:00:00', '', '1969-12-31', ' 2020-02-29 '];
const CLOCKS = ['12:34:56', '12:34:56.789', '12:34', '12:34:56Z', '1:2:3', '25:00:00', '24:00:00', ''];
const ROW = 'ROW<a INT, b ROW<c STRING>>';

export const READS: readonly Read[] = [
  ...cell('INT', ...NUMBERS), ...cell('BIGINT', ...NUMBERS), ...cell('DOUBLE', ...NUMBERS), ...cell('DECIMAL(10, 2)', ...NUMBERS, '1.005', '1.015', '-1.005', '99999999.994', '99999999.995', '"1.005"', '123456789.1'), ...cell('TINYINT', ...NUMBERS.slice(0, 28)), ...cell('SMALLINT', '32767', '32768', '12.7', '"5"'),
  ...cell('FLOAT', '0.1', '1e39', '"0.1"', '16777217', 'NaN'), ...cell('DECIMAL(38, 10)', '1234567890123456789012345678.0123456789', '0.00000000005', '1e27', '1e28'), ...cell('DECIMAL(5, 0)', '2.5', '3.5', '-2.5', '99999.5'), ...cell('DOUBLE', '0.1', '1.7976931348623159e308', '4.9e-324', '2e-324', '123456789012345678901234567890', '9007199254740993', '-0.0'),
  ...cell('BOOLEAN', 'true', 'false', '"true"', '"TRUE"', '"false"', '"yes"', '"1"', '" true "', '""', '1', '0', '2', '1.0', 'null', '{}', '[true]', 'TRUE', '"x"'),
  ...cell('STRING', ...TEXTS), ...cell('VARCHAR(3)', '"abcdef"', '12345', '"\u00e9\u{1f600}xyz"'), ...cell('CHAR(3)', '"a"', '"abcdef"', 'null'), ...cell('BYTES', '"YWJj"', '"YWJ"', '"!!"', '""', '12', 'null'),
  ...cell('TIMESTAMP(3)', ...quoted(TIMES), ...RAW_TIMES), ...iso(cell('TIMESTAMP(3)', ...quoted(TIMES))), ...cell('TIMESTAMP_LTZ(3)', ...quoted(TIMES), ...RAW_TIMES), ...iso(cell('TIMESTAMP_LTZ(3)', ...quoted(TIMES))), ...cell('TIMESTAMP(9)', '"2020-02-29 12:34:56.123456789"'), ...cell('TIMESTAMP(0)', '"2020-02-29 12:34:56.9"'),
  ...cell('DATE', ...quoted(DATES), '18321', 'null'), ...cell('TIME', ...quoted(CLOCKS), '45296', 'null'), ...iso(cell('DATE', '"2020-02-29"')), ...iso(cell('TIME', '"12:34:56"')),
  ...cell(ROW, 'null', '{}', '{"a":1}', '{"a":1,"b":null}', '{"a":1,"b":{}}', '{"a":1,"b":{"c":"x"},"z":9}', '{"b":{"c":5},"a":"7"}', '[]', '[1]', '1', '"x"', '""', '{"a":{}}', '{"b":"x"}', '{"a":1,"a":2}'),
  ...cell('INT NOT NULL', 'null', '5'), ...cell('ROW<a INT NOT NULL> NOT NULL', 'null', '{}', '{"a":null}'),
  ...['{"a":1,"b":"x"}', '{"b":"x"}', '{}', '{"a":null}', '{"a":1,"a":2}', '{"a":1,"a":null}', '{"a":2,"b":"x","a":"bad"}', '{"A":1,"B":"x"}', '{ "a" : 1 , "b" : "x" }', '\n{"a":1}\n', '{"a":1}x', '{"a":1} {"a":2}', '{"a":1},', '{"a":1}}', '{"a":1', '{"a":1,}', '{"a":1 "b":2}', '{a:1}', "{'a':1}", '{"a":1}//c', '{"z":{"a":5},"a":1}', '{"z":[{"a":5}],"a":1}', '{"z":"unterminated,"a":1}', '{"z":tru,"a":1}', '{"z":1e,"a":1}', '{"a":1,"z":\u0001}', '{"\\u0061":1}', '{"a":1,"b":"x","c":1.5,"d":true}',
    'null', '', ' ', '1', '"x"', 'true', '[]', '[{"a":1},{"a":2}]', '[1,2]', '[null]', '[{"a":1},null]', '[[{"a":1}]]', '{"a":1,"b":{"a":5}}', '{"b":{"a":5},"a":1}', '{"b":[1,{"a":2}],"a":1}', '\ufeff{"a":1}', '{"a":1,"b":"\u2028"}', '{"a":1,"z":01}', '{"":1,"a":2}', '{"a":12345678901234567890123456789}'].map((payload) => ({ columns: 'a INT, b STRING', payload })),
  ...[[0x7b, 0x22, 0x62, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d], [0x7b, 0x22, 0x62, 0x22, 0x3a, 0x22, 0xc3, 0x22, 0x7d], [0x7b, 0x22, 0x62, 0x22, 0x3a, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d], [0x7b, 0x22, 0x7a, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d], [0x7b, 0x22, 0x62, 0x22, 0x3a, 0x22, 0xc0, 0x80, 0x22, 0x7d], [0xff]]
    .map((bytes) => ({ columns: 'a INT, b STRING', base64: Buffer.from(bytes).toString('base64') })),
];

const DOUBLES = ['0', '-0.0', '1', '-1.5', '0.1', '100', '1e7', '9999999', '1e10', '123456789012345680', '1e21', '1e-3', '1e-5', '1.5e-7', '4.9e-324', '1.7976931348623157e308', 'NaN', 'Infinity', '-Infinity', '0.30000000000000004', '2e23', '1e23'];
const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const write = (type: string, ...sqls: readonly string[]): Write[] => sqls.map((sql) => ({ type, sql }));
const WRITTEN_TIMES = ['2020-02-29 12:34:56', '2020-02-29 12:34:56.100', '2020-02-29 12:34:56.123', '1969-12-31 23:59:59.999', '2020-02-29 00:00:00', '0001-01-01 00:00:00', '9999-12-31 23:59:59.999'].map(quote);
const times = (type: string): Write[] => [...write(type, ...WRITTEN_TIMES), ...write(type, ...WRITTEN_TIMES).map((one): Write => ({ ...one, standard: 'ISO-8601' }))];

export const WRITES: readonly Write[] = [
  ...write('BOOLEAN', 'TRUE', 'FALSE', 'NULL'), ...write('TINYINT', '-128', '127'), ...write('SMALLINT', '-32768'), ...write('INT', '0', '-2147483648', 'NULL'), ...write('BIGINT', '9223372036854775807', '-9223372036854775807 - 1', '0'),
  ...write('DOUBLE', ...DOUBLES.map(quote)), ...write('FLOAT', ...['0.1', '1', '1e10', '16777216', '1e-3', '3.4028235e38', 'NaN', '-0.0'].map(quote)),
  ...['0', '1.50', '-0.01', '100', '99999999.99'].flatMap((text) => write('DECIMAL(10, 2)', quote(text))), ...write('DECIMAL(38, 18)', "'0.000000000000000001'", "'12345678901234567890'", "'0'"), ...write('DECIMAL(38, 0)', "'99999999999999999999999999999999999999'", "'1000'"), ...write('DECIMAL(10, 8)', "'0.00000001'", "'1'"),
  ...['0.00000001', '100'].map((text): Write => ({ type: 'DECIMAL(18, 8)', sql: quote(text), plainDecimals: true })), ...write('DECIMAL(18, 8)', "'0.00000001'", "'100'", "'0'"),
  ...write('STRING', "'x'", "''", "'caf\u00e9 \u{1f600}'", `'a"b\\c/d'`, "U&'\\0001\\0008\\0009\\000a\\000c\\000d\\001f\\007f\\2028\\2029'", "'<>&'", 'NULL'), ...write('VARCHAR(3)', "'abcd'"), ...write('CHAR(3)', "'a'"), ...write('BYTES', "X'616263'", "X'00ff'", "X''"),
  ...times('TIMESTAMP(3)'), ...times('TIMESTAMP_LTZ(3)'), ...write('TIMESTAMP(0)', "'2020-02-29 12:34:56'"), ...write('TIMESTAMP(6)', "'2020-02-29 12:34:56.123456'", "'2020-02-29 12:34:56.1'"), ...write('TIMESTAMP(9)', "'2020-02-29 12:34:56.123456789'"),
  ...write('DATE', "'2020-02-29'", "'1969-12-31'", "'0001-01-01'"), ...write('TIME', "'12:34:56'", "'00:00:00'"), ...write('TIME(3)', "'12:34:56.7'"), ...write('ROW<a INT, b ROW<c STRING>>', "ROW(1, ROW('x'))", 'ROW(CAST(NULL AS INT), ROW(CAST(NULL AS STRING)))', 'NULL'),
];
