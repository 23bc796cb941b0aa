-- Variance of a column, with FILTER and DISTINCT.
-- input readings = readings(seed 123, rows 400)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, window_start, VAR_POP(temperature) AS a, VAR_SAMP(temperature) AS b, STDDEV_POP(temperature) AS c, STDDEV_SAMP(temperature) AS d, STDDEV(humidity) AS e, VARIANCE(price) AS f, STDDEV(temperature) FILTER (WHERE ok) AS g, VAR_POP(DISTINCT humidity) AS h, AVG(temperature) AS i, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '20' SECOND)) GROUP BY device, window_start, window_end;
