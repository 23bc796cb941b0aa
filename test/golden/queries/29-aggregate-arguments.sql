-- Expressions inside and around aggregates.
-- input readings = readings(seed 22, rows 200)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, window_start, SUM(humidity * 2 + 1) AS a, MAX(CASE WHEN ok THEN temperature END) AS b, SUM(humidity) / COUNT(*) AS c, MAX(temperature) - MIN(temperature) AS d, COUNT(*) * 1.5 AS e, CAST(AVG(temperature) AS INT) AS f FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '30' SECOND)) GROUP BY device, window_start, window_end;
