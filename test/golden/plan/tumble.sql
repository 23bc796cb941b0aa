SET 'pipeline.name' = 'means';
CREATE TABLE readings (
  device STRING, temperature DOUBLE, humidity INT, ts BIGINT, unread STRING,
  site ROW<name STRING, floor_no INT NOT NULL>,
  topic STRING METADATA VIRTUAL, arrived TIMESTAMP_LTZ(3) METADATA FROM 'arrival' VIRTUAL,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), kelvin AS temperature + 273.15,
  WATERMARK FOR rt AS rt - INTERVAL '1' MINUTE
) WITH ('connector' = 'mqtt', 'topic' = 'a/#', 'dead-letter.table' = 'letters', 'payload.max-bytes' = '64 kb');
CREATE TABLE letters (payload BYTES, topic STRING, reason STRING, `offset` BIGINT) WITH ('connector' = 'print');
CREATE TABLE means (device STRING, site STRING, window_start TIMESTAMP(3), mean DECIMAL(10, 2), n INT)
WITH ('connector' = 'kafka', 'topic' = 'means', 'key.fields' = 'device;site');
CREATE VIEW warm AS SELECT rt, device, site, CAST(kelvin AS DECIMAL(10, 2)) AS kelvin, humidity FROM readings WHERE temperature > -20;
INSERT INTO means (device, site, window_start, mean)
SELECT device, site.name, window_start, AVG(kelvin) FROM TABLE(TUMBLE(TABLE warm, DESCRIPTOR(rt), INTERVAL '10' SECOND, INTERVAL '2' SECOND))
GROUP BY device, site.name, window_start, window_end
HAVING COUNT(*) FILTER (WHERE humidity BETWEEN 10 AND 90) > 2;
