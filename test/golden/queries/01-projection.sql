-- Arithmetic over columns that may be NULL.
-- input readings = readings(seed 1, rows 40)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT id, humidity + 1 AS a, humidity / 2 AS b, humidity % 7 AS c, temperature * 2 AS d, price * 2 AS e, price / 3 AS f, id - humidity AS g, -temperature AS h, humidity * 1.5 AS i FROM readings;
