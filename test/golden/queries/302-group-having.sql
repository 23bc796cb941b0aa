-- HAVING: a group comes and goes.
-- input readings = readings(seed 302, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, COUNT(*) AS n, MIN(temperature) AS lowest FROM readings GROUP BY device HAVING MIN(temperature) > -5 OR COUNT(*) > 9;
