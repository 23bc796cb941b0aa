-- Full join in time.
-- compare content
-- input readings = readings(seed 372, rows 60)
-- input others = readings(seed 379, rows 40)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '30' SECOND
);
CREATE TABLE others (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '30' SECOND
);
SELECT r.id, o.id AS other FROM readings r FULL JOIN others o ON r.humidity = o.humidity AND r.rt BETWEEN o.rt - INTERVAL '1' MINUTE AND o.rt;
