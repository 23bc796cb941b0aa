// The benchmark's job by hand in C++: the same batches, the same validation, key lookup, windows and JSON as the compiled
// module, as a programmer who knows the schema would write it. Usage: tumble BATCHES RESULTS RUNS; prints ms a run.
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>
#include <emmintrin.h>

namespace {

using u8 = uint8_t; using u32 = uint32_t; using u64 = uint64_t; using i64 = int64_t;

constexpr i64 SIZE = 10'000, DELAY = 2'000, NONE = INT64_MIN;
constexpr u32 SLOTS = 8192, KEYS_MAX = 4096, WINDOWS = 4, BATCH_BYTES = 1 << 20;

struct Pane { u64 rows, count; double low, high, sum; };
struct Slot { u8 key[16]; u32 length, id; };
struct Key { u8 bytes[16]; u32 length; };
struct Text { const u8* at; u32 length; };
struct Row { Text device, status; i64 ts; double temperature; bool hasTemperature; };

struct Window { i64 start = NONE; u32 live = 0; std::vector<Pane> panes; };

Slot slots[SLOTS];
Key keys[KEYS_MAX];
u32 keyCount;
Window windows[WINDOWS];
i64 newest, watermark, due;
u64 late, refused;
std::vector<u8> output;
size_t outputLength;

void clear() {
  memset(slots, 0, sizeof slots);
  keyCount = 0;
  for (auto& window : windows) { window.start = NONE; window.live = 0; window.panes.assign(KEYS_MAX, Pane{}); }
  newest = watermark = NONE;
  due = INT64_MAX;
  late = refused = 0;
  outputLength = 0;
}

// ------------------------------------------------------------------------------------------------------------- parsing

bool isUtf8(const u8* p, const u8* end) {
  while (p < end) {
    u8 c = *p;
    int more = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : (c & 0xf0) == 0xe0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : -1;
    if (more < 0 || end - p <= more) return false;
    for (int i = 1; i <= more; i++) if ((p[i] & 0xc0) != 0x80) return false;
    if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] > 0x9f) || (c == 0xf0 && p[1] < 0x90) || (c == 0xf4 && p[1] > 0x8f)) return false;
    p += more + 1;
  }
  return true;
}

/** A string without escapes; what lies behind it, or null. */
inline const u8* readText(const u8* p, Text& text) {
  if (*p != '"') return nullptr;
  const u8* start = ++p;
  bool isAscii = true;
  for (;; p += 16) {
    __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    u32 high = _mm_movemask_epi8(bytes);
    __m128i ends = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))),
      _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(31)), bytes));
    u32 mask = _mm_movemask_epi8(ends);
    if (mask == 0) { isAscii &= high == 0; continue; }
    u32 at = __builtin_ctz(mask);
    isAscii &= (high & ((1u << at) - 1)) == 0;
    p += at;
    break;
  }
  if (*p != '"') return nullptr;
  if (!isAscii && !isUtf8(start, p)) return nullptr;
  text = {start, static_cast<u32>(p - start)};
  return p + 1;
}

inline const u8* readLong(const u8* p, i64& value) {
  bool negative = *p == '-';
  p += negative;
  const u8* start = p;
  u64 sum = 0;
  while (static_cast<u8>(*p - '0') < 10) sum = sum * 10 + (*p++ - '0');
  if (p == start || p - start > 18 || (*start == '0' && p - start > 1) || *p == '.' || (*p | 32) == 'e') return nullptr;
  value = negative ? -static_cast<i64>(sum) : static_cast<i64>(sum);
  return p;
}

const double TENS[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/** A number of JSON's grammar, correctly rounded. */
inline const u8* readDouble(const u8* p, double& value) {
  const u8* start = p;
  bool negative = *p == '-';
  p += negative;
  const u8* first = p;
  u64 digits = 0;
  while (static_cast<u8>(*p - '0') < 10) digits = digits * 10 + (*p++ - '0');
  if (p == first || (*first == '0' && p - first > 1)) return nullptr;
  long count = p - first;
  int scale = 0;
  if (*p == '.') {
    const u8* point = ++p;
    while (static_cast<u8>(*p - '0') < 10) digits = digits * 10 + (*p++ - '0');
    if (p == point) return nullptr;
    scale = static_cast<int>(p - point);
    count += scale;
  }
  if ((*p | 32) == 'e') {
    p++;
    if (*p == '+' || *p == '-') p++;
    if (static_cast<u8>(*p - '0') > 9) return nullptr;
    while (static_cast<u8>(*p - '0') < 10) p++;
  } else if (count <= 15) {
    double magnitude = static_cast<double>(digits) / TENS[scale];
    value = negative ? -magnitude : magnitude;
    return p;
  }
  std::from_chars(reinterpret_cast<const char*>(start), reinterpret_cast<const char*>(p), value);
  return p;
}

inline const u8* skipSpace(const u8* p) { while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r') p++; return p; }

#define GLUE(text) if (memcmp(p, text, sizeof(text) - 1) != 0) return false; p += sizeof(text) - 1;

/** Fields in the declared order, no blanks. */
inline bool parseTemplate(const u8* p, const u8* end, Row& row) {
  double humidity;
  GLUE("{\"device\":") if (!(p = readText(p, row.device))) return false;
  GLUE(",\"ts\":") if (!(p = readLong(p, row.ts))) return false;
  GLUE(",\"temperature\":") if (!(p = readDouble(p, row.temperature))) return false;
  GLUE(",\"humidity\":") if (!(p = readDouble(p, humidity))) return false;
  GLUE(",\"status\":") if (!(p = readText(p, row.status))) return false;
  row.hasTemperature = true;
  return *p == '}' && p + 1 == end;
}

/** Fields in any order, with blanks. */
bool parseAnyOrder(const u8* p, const u8* end, Row& row) {
  int seen = 0;
  p = skipSpace(p);
  if (*p++ != '{') return false;
  for (;;) {
    Text name;
    if (!(p = readText(skipSpace(p), name))) return false;
    p = skipSpace(p);
    if (*p++ != ':') return false;
    p = skipSpace(p);
    double ignored;
    auto is = [&](const char* text) { return name.length == strlen(text) && memcmp(name.at, text, name.length) == 0; };
    if (is("device")) { p = readText(p, row.device); seen |= 1; }
    else if (is("ts")) { p = readLong(p, row.ts); seen |= 2; }
    else if (is("temperature")) { p = readDouble(p, row.temperature); seen |= 4; }
    else if (is("status")) { p = readText(p, row.status); seen |= 8; }
    else p = *p == '"' ? readText(p, name) : readDouble(p, ignored);
    if (!p) return false;
    p = skipSpace(p);
    if (*p == '}') break;
    if (*p++ != ',') return false;
  }
  row.hasTemperature = (seen & 4) != 0;
  return seen == 15 && skipSpace(p + 1) == end;
}

// ---------------------------------------------------------------------------------------------------------------- keys

alignas(16) const u8 KEEP[32] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

inline u32 idOf(Text text) {
  if (text.length > 16) abort(); // the benchmark has none; the module takes any length
  __m128i key = _mm_and_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text.at)), _mm_loadu_si128(reinterpret_cast<const __m128i*>(KEEP + 16 - text.length)));
  u64 low = _mm_cvtsi128_si64(key), high = _mm_cvtsi128_si64(_mm_unpackhi_epi64(key, key));
  u64 hash = (low * 0x9e3779b97f4a7c15) ^ (high * 0xc2b2ae3d27d4eb4f);
  hash = (hash ^ (hash >> 29)) * 0x9e3779b97f4a7c15;
  for (u32 at = hash >> 51;; at = (at + 1) & (SLOTS - 1)) {
    Slot& slot = slots[at];
    if (slot.length == text.length && _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(slot.key)), key)) == 0xffff) return slot.id;
    if (slot.length != 0) continue;
    _mm_storeu_si128(reinterpret_cast<__m128i*>(slot.key), key);
    slot.length = text.length;
    slot.id = keyCount;
    memcpy(keys[keyCount].bytes, slot.key, 16);
    keys[keyCount].length = text.length;
    return keyCount++;
  }
}

// ------------------------------------------------------------------------------------------------------------- results

inline u8* put(u8* p, const char* text, size_t length) { memcpy(p, text, length); return p + length; }
#define PUT(text) p = put(p, text, sizeof(text) - 1)

inline u8* putDouble(u8* p, double value) {
  return reinterpret_cast<u8*>(std::to_chars(reinterpret_cast<char*>(p), reinterpret_cast<char*>(p) + 400, value, std::chars_format::fixed).ptr);
}

inline u8* putLong(u8* p, u64 value) { return reinterpret_cast<u8*>(std::to_chars(reinterpret_cast<char*>(p), reinterpret_cast<char*>(p) + 24, value).ptr); }

inline u8* putText(u8* p, const u8* text, u32 length) {
  *p++ = '"';
  for (u32 i = 0; i < length; i++) {
    if (text[i] == '"' || text[i] == '\\') *p++ = '\\';
    *p++ = text[i];
  }
  *p++ = '"';
  return p;
}

u8* putTime(u8* p, i64 ms) {
  i64 days = ms / 86'400'000, rest = ms % 86'400'000;
  i64 z = days + 719468, era = z / 146097;
  u32 doe = z - era * 146097, yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  u32 mp = (5 * doy + 2) / 153, d = doy - (153 * mp + 2) / 5 + 1, m = mp < 10 ? mp + 3 : mp - 9;
  u32 y = yoe + era * 400 + (m <= 2), s = rest / 1000;
  auto two = [&](u32 v) { *p++ = '0' + v / 10; *p++ = '0' + v % 10; };
  *p++ = '"';
  two(y / 100); two(y % 100); *p++ = '-'; two(m); *p++ = '-'; two(d); *p++ = ' ';
  two(s / 3600); *p++ = ':'; two(s / 60 % 60); *p++ = ':'; two(s % 60);
  *p++ = '"';
  return p;
}

void emit(const Window& window) {
  for (u32 id = 0; id < keyCount; id++) {
    const Pane& pane = window.panes[id];
    if (pane.rows == 0) continue;
    if (output.size() < outputLength + 4096) output.resize(output.size() * 2 + (1 << 20));
    u8* p = output.data() + outputLength;
    PUT("{\"device\":"); p = putText(p, keys[id].bytes, keys[id].length);
    PUT(",\"window_start\":"); p = putTime(p, window.start);
    PUT(",\"window_end\":"); p = putTime(p, window.start + SIZE);
    PUT(",\"n\":"); p = putLong(p, pane.rows);
    if (pane.count == 0) PUT(",\"low\":null,\"high\":null,\"mean\":null,\"total\":null");
    else {
      PUT(",\"low\":"); p = putDouble(p, pane.low);
      PUT(",\"high\":"); p = putDouble(p, pane.high);
      PUT(",\"mean\":"); p = putDouble(p, pane.sum / static_cast<double>(pane.count));
      PUT(",\"total\":"); p = putDouble(p, pane.sum);
    }
    PUT("}\n");
    outputLength = p - output.data();
  }
}

// ------------------------------------------------------------------------------------------------------------- windows

void fire() {
  for (;;) {
    Window* first = nullptr;
    for (auto& window : windows) if (window.start != NONE && (!first || window.start < first->start)) first = &window;
    due = first ? first->start + SIZE - 1 : INT64_MAX;
    if (!first || due > watermark) return;
    emit(*first);
    memset(first->panes.data(), 0, sizeof(Pane) * keyCount);
    first->start = NONE;
  }
}

inline void apply(const Row& row) {
  i64 start = row.ts - row.ts % SIZE;
  if (start + SIZE - 1 <= watermark) { late++; return; }
  Window& window = windows[(start / SIZE) & (WINDOWS - 1)];
  if (window.start == NONE) { window.start = start; if (start + SIZE - 1 < due) due = start + SIZE - 1; }
  if (window.start != start) abort(); // the benchmark has at most two open windows; the module has any number
  Pane& pane = window.panes[idOf(row.device)];
  pane.rows++;
  if (!row.hasTemperature) return;
  double v = row.temperature;
  bool isFirst = pane.count++ == 0;
  __m128d low = _mm_min_sd(_mm_set_sd(v), _mm_set_sd(isFirst ? INFINITY : pane.low)), high = _mm_max_sd(_mm_set_sd(v), _mm_set_sd(isFirst ? -INFINITY : pane.high));
  pane.low = _mm_cvtsd_f64(low);
  pane.high = _mm_cvtsd_f64(high);
  pane.sum += v;
}

void step(const u8* body, const u32* offsets, u32 count) {
  Row row;
  for (u32 i = 0; i < count; i++) {
    const u8 *start = body + offsets[i], *end = body + offsets[i + 1];
    if (!parseTemplate(start, end, row) && !parseAnyOrder(start, end, row)) { refused++; continue; }
    if (row.status.length == 2 && row.status.at[0] == 'O' && row.status.at[1] == 'K') apply(row);
    if (row.ts > newest) {
      newest = row.ts;
      watermark = newest - DELAY;
      if (watermark >= due) fire();
    }
  }
}

} // namespace

/** File: for each batch u32 rows, u32 bytes of body, rows + 1 u32 offsets, body. */
int main(int argc, char** argv) {
  if (argc < 4) return 2;
  FILE* file = fopen(argv[1], "rb");
  fseek(file, 0, SEEK_END);
  std::vector<u8> data(ftell(file));
  rewind(file);
  if (fread(data.data(), 1, data.size(), file) != data.size()) return 1;
  fclose(file);
  static u8 input[BATCH_BYTES + 64];
  static u32 offsets[65536];
  output.resize(64 << 20);
  for (int run = 0, runs = atoi(argv[3]); run < runs; run++) {
    clear();
    auto started = std::chrono::steady_clock::now();
    for (size_t at = 0; at < data.size();) {
      u32 rows, bytes;
      memcpy(&rows, &data[at], 4);
      memcpy(&bytes, &data[at + 4], 4);
      memcpy(offsets, &data[at + 8], (rows + 1) * 4);
      memcpy(input, &data[at + 8 + (rows + 1) * 4], bytes);
      memset(input + bytes, 0, 16);
      step(input, offsets, rows);
      at += 8 + (rows + 1) * 4 + bytes;
    }
    watermark = INT64_MAX;
    fire();
    printf("%.3f\n", std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started).count());
  }
  FILE* results = fopen(argv[2], "wb");
  fwrite(output.data(), 1, outputLength, results);
  fclose(results);
  fprintf(stderr, "late %llu refused %llu keys %u\n", (unsigned long long)late, (unsigned long long)refused, keyCount);
}
