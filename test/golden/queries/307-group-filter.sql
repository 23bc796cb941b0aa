-- FILTER in groups without a window.
-- input readings = readings(seed 307, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, COUNT(*) FILTER (WHERE ok) AS good, SUM(humidity) FILTER (WHERE status = 'OK') AS total FROM readings GROUP BY device;
