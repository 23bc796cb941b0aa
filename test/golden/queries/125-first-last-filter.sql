-- FIRST_VALUE and LAST_VALUE with FILTER; BIGINT, wide DECIMAL, FLOAT, DATE, TIME.
-- input readings = readings(seed 125, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, FIRST_VALUE(status) FILTER (WHERE ok) AS a, LAST_VALUE(status) FILTER (WHERE NOT ok) AS b, FIRST_VALUE(CAST(price AS DECIMAL(30, 2))) AS c, LAST_VALUE(CAST(price AS DECIMAL(30, 2))) FILTER (WHERE temperature > 45) AS d, FIRST_VALUE(CAST(temperature AS FLOAT)) AS e, LAST_VALUE(CAST(`at` AS DATE)) AS f, FIRST_VALUE(CAST(`at` AS TIME)) AS g, LAST_VALUE(UPPER(status)) AS h
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
