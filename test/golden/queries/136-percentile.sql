-- PERCENTILE interpolates.
-- input readings = readings(seed 136, rows 400)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, device, PERCENTILE(temperature, 0.5) AS a, PERCENTILE(humidity, 0.9) AS b, PERCENTILE(price, 0.25) AS c, PERCENTILE(temperature, 0) AS d, PERCENTILE(temperature, 1) AS e, PERCENTILE(temperature, 0.99) FILTER (WHERE ok) AS f, PERCENTILE(DISTINCT humidity, 0.5) AS g, PERCENTILE(temperature, 0.5) FILTER (WHERE FALSE) AS h
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '20' SECOND)) GROUP BY device, window_start, window_end;
