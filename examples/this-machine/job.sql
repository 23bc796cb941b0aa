-- This computer's own telemetry, several times a second, over real MQTT: windows per device, and alerts.
SET 'pipeline.name' = 'this-machine';

CREATE TABLE telemetry (
  device  STRING,                                 -- core-0, memory, load, disk-vda, net-eth0
  metric  STRING,
  `value` DOUBLE,
  ts      BIGINT,                                 -- ms since epoch, set by the device
  rt AS TO_TIMESTAMP_LTZ(ts, 3),
  WATERMARK FOR rt AS rt - INTERVAL '1' SECOND
) WITH (
  'connector' = 'mqtt',
  'listen'    = '127.0.0.1:${env:MILLRACE_DEMO_PORT:-18830}',
  'topic'     = 'telemetry/#',
  'format'    = 'json',
  'dead-letter.table' = 'rejected'
);

CREATE TABLE windows (
  device STRING, metric STRING, window_start TIMESTAMP(3), n BIGINT, lowest DOUBLE, highest DOUBLE, average DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${env:MILLRACE_DEMO_OUT:-.millrace/out}/windows.jsonl', 'format' = 'json');

CREATE TABLE alerts (
  device STRING, metric STRING, window_start TIMESTAMP(3), average DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${env:MILLRACE_DEMO_OUT:-.millrace/out}/alerts.jsonl', 'format' = 'json');

CREATE TABLE rejected (payload BYTES, topic STRING, reason STRING, `offset` BIGINT)
WITH ('connector' = 'filesystem', 'path' = '${env:MILLRACE_DEMO_OUT:-.millrace/out}/rejected.jsonl', 'format' = 'json');

CREATE TEMPORARY VIEW per_device AS
SELECT device, metric, window_start,
       COUNT(*) AS n, MIN(`value`) AS lowest, MAX(`value`) AS highest, AVG(`value`) AS average
FROM TABLE(TUMBLE(TABLE telemetry, DESCRIPTOR(rt), INTERVAL '2' SECOND))
WHERE `value` IS NOT NULL
GROUP BY device, metric, window_start, window_end;

INSERT INTO windows SELECT * FROM per_device;

INSERT INTO alerts
SELECT device, metric, window_start, average FROM per_device
WHERE (metric = 'busy_percent' AND average > 80) OR (metric = 'used_percent' AND average > 90);

SELECT device, metric, window_start, n, ROUND(lowest, 1) AS lowest, ROUND(highest, 1) AS highest, ROUND(average, 1) AS average
FROM per_device;
