-- Groups without a window: each row changes its group.
-- input readings = readings(seed 300, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, COUNT(*) AS n, SUM(humidity) AS total, MAX(temperature) AS highest, AVG(price) AS mean FROM readings GROUP BY device;
