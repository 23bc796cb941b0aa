-- FILTER (WHERE ...).
-- input readings = readings(seed 23, rows 200)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, window_start, COUNT(*) FILTER (WHERE status = 'FAIL') AS fails, SUM(humidity) FILTER (WHERE ok) AS s, AVG(temperature) FILTER (WHERE temperature > 100) AS never, MIN(price) FILTER (WHERE NOT ok) AS m FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '30' SECOND)) GROUP BY device, window_start, window_end;
