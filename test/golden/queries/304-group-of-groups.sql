-- A group over the results of groups: results are taken back.
-- input readings = readings(seed 304, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT n, COUNT(*) AS devices, SUM(total) AS total FROM (SELECT device, COUNT(*) AS n, SUM(humidity) AS total FROM readings GROUP BY device) GROUP BY n;
