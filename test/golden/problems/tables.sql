CREATE TABLE x (a STRING, a INT) WITH ('connector' = 'print');
---- table twice
CREATE TABLE t (a STRING) WITH ('connector' = 'print');
---- unknown type
CREATE TABLE x (a TEXT) WITH ('connector' = 'print');
---- microseconds
CREATE TABLE x (a TIMESTAMP, b TIMESTAMP_LTZ(9)) WITH ('connector' = 'print');
---- DECIMAL too wide
CREATE TABLE x (a DECIMAL(40, 2)) WITH ('connector' = 'print');
---- ARRAY
CREATE TABLE x (a ARRAY<INT>) WITH ('connector' = 'print');
---- watermark on a number
CREATE TABLE x (ts BIGINT, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH ('connector' = 'datagen');
---- watermark on a column that is not there
CREATE TABLE x (ts BIGINT, rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR tr AS tr) WITH ('connector' = 'datagen');
---- watermark of another form
CREATE TABLE x (rt TIMESTAMP(3), WATERMARK FOR rt AS rt + INTERVAL '1' SECOND) WITH ('connector' = 'datagen');
---- computed column over a computed column
CREATE TABLE x (ts BIGINT, s AS ts / 1000, rt AS TO_TIMESTAMP_LTZ(s, 0)) WITH ('connector' = 'datagen');
---- enforced key
CREATE TABLE x (a INT, PRIMARY KEY (a)) WITH ('connector' = 'print');
---- key that is not there
CREATE TABLE x (a INT, PRIMARY KEY (b) NOT ENFORCED) WITH ('connector' = 'print');
---- partitions
CREATE TABLE x (a INT) PARTITIONED BY (a) WITH ('connector' = 'print');
---- unknown metadata
CREATE TABLE x (a INT, p STRING METADATA FROM 'tpoic' VIRTUAL) WITH ('connector' = 'mqtt', 'topic' = 'a');
---- metadata of another type
CREATE TABLE x (a INT, topic INT METADATA VIRTUAL) WITH ('connector' = 'mqtt', 'topic' = 'a');
---- metadata of kafka
CREATE TABLE x (
  p STRING METADATA FROM 'partition' VIRTUAL, o INT METADATA FROM 'ofset' VIRTUAL, k INT METADATA FROM 'key' VIRTUAL,
  n STRING NOT NULL METADATA FROM 'key' VIRTUAL, c STRING METADATA FROM 'client' VIRTUAL, at STRING METADATA FROM 'timestamp' VIRTUAL
) WITH ('connector' = 'kafka', 'topic' = 'a');
---- metadata of mqtt
CREATE TABLE x (client INT METADATA VIRTUAL, q STRING METADATA FROM 'qos' VIRTUAL, r INT METADATA FROM 'retain' VIRTUAL, p INT METADATA FROM 'partition' VIRTUAL)
WITH ('connector' = 'mqtt', 'topic' = 'a');
---- no connector
CREATE TABLE x (a INT);
---- unknown connector
CREATE TABLE x (a INT) WITH ('connector' = 'mqqt');
---- unknown option
CREATE TABLE x (a INT) WITH ('connector' = 'mqtt', 'topc' = 'a', 'topic' = 'b');
---- missing option
CREATE TABLE x (a INT) WITH ('connector' = 'mqtt');
---- options of the wrong type
CREATE TABLE x (a INT) WITH ('connector' = 'mqtt', 'topic' = 'a', 'qos' = '3', 'inflight' = 'many', 'buffer' = 'big', 'keepalive' = 'soon', 'clean' = 'yes');
---- options of every table
CREATE TABLE x (a INT) WITH ('connector' = 'mqtt', 'topic' = 'a', 'format' = 'avro', 'payload.max-bytes' = '2 mb', 'json.timestamp-format.standard' = 'iso-8601');
---- options of Flink that are refused
CREATE TABLE x (a INT) WITH ('connector' = 'mqtt', 'topic' = 'a', 'scan.watermark.idle-timeout' = '5 s', 'sink.parallelism' = '2');
---- key.fields that are no columns
CREATE TABLE x (device INT) WITH ('connector' = 'kafka', 'topic' = 'a', 'key.fields' = 'device;devcie');
---- dead letters into nothing
CREATE TABLE x (a INT) WITH ('connector' = 'mqtt', 'topic' = 'a', 'dead-letter.table' = 'outt');
---- dead letters of the wrong shape
CREATE TABLE letters (payload STRING, why STRING) WITH ('connector' = 'print');
CREATE TABLE x (a INT) WITH ('connector' = 'mqtt', 'topic' = 'a', 'dead-letter.table' = 'letters');
---- dead letters and an INSERT
CREATE TABLE letters (payload BYTES, topic STRING) WITH ('connector' = 'print');
CREATE TABLE x (a INT) WITH ('connector' = 'mqtt', 'topic' = 'a', 'dead-letter.table' = 'letters');
INSERT INTO letters (topic) SELECT device FROM t;
---- settings
SET 'pipeline.nmae' = 'x'; SET 'millrace.expression-error' = 'ignore'; SET 'table.local-time-zone' = 'Europe/Berlin'; SET 'table.exec.source.idle-timeout' = '1 s'; SET 'execution.checkpointing.interval' = 'often';
---- failing expressions that stop the job
SET 'millrace.expression-error' = 'fail';
