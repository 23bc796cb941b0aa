-- Rows before groups are filtered, keys are computed.
-- input readings = readings(seed 303, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT UPPER(status) AS s, ok, COUNT(temperature) AS n FROM readings WHERE humidity < 60 GROUP BY UPPER(status), ok;
