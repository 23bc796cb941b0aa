-- FIRST_VALUE and LAST_VALUE skip NULL and go by arrival.
-- input readings = readings(seed 124, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, device, FIRST_VALUE(id) AS a, LAST_VALUE(id) AS b, FIRST_VALUE(status) AS c, LAST_VALUE(status) AS d, FIRST_VALUE(temperature) AS e, LAST_VALUE(temperature) AS f, FIRST_VALUE(humidity) AS g, LAST_VALUE(humidity) AS h, FIRST_VALUE(price) AS i, LAST_VALUE(price) AS j, FIRST_VALUE(ok) AS l, LAST_VALUE(ok) AS m, FIRST_VALUE(`at`) AS o, LAST_VALUE(`at`) AS p
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY device, window_start, window_end;
