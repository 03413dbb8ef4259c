#define _GNU_SOURCE
#include "CChecksums.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "The CRC loops load little-endian words."
#endif

// The instruction is enabled per function, not per file, so no compiler flag is needed and the program still starts on a
// processor that lacks it.
#if defined(__x86_64__)
#define HAS_INSTRUCTIONS 1
#define INSTRUCTIONS __attribute__((target("sse4.2")))
#define STEP64(crc, word) __builtin_ia32_crc32di((crc), (word))
#define STEP8(crc, byte) __builtin_ia32_crc32qi((uint32_t)(crc), (byte))
#elif defined(__aarch64__)
#define HAS_INSTRUCTIONS 1
#define INSTRUCTIONS __attribute__((target("crc")))
#define STEP64(crc, word) __builtin_arm_crc32cd((uint32_t)(crc), (word))
#define STEP8(crc, byte) __builtin_arm_crc32cb((uint32_t)(crc), (byte))
#if !defined(__APPLE__)
#include <sys/auxv.h>
#endif
#else
#define HAS_INSTRUCTIONS 0
#endif

// Bytes of one of the three streams. The instruction takes 3 cycles but one can start in each, so three independent streams
// keep it busy; short blocks serve what is left of the long ones. Both are powers of two, which `fill_shift` relies on.
enum { LONG_BLOCK_LOG2 = 11, SHORT_BLOCK_LOG2 = 7 };

static uint32_t slices[8][256];
static uint32_t long_shift[4][256];
static uint32_t short_shift[4][256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

typedef uint32_t (*crc_function)(uint32_t crc, const uint8_t *bytes, size_t count);
static _Atomic(crc_function) chosen;

static inline uint64_t load64(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

static uint32_t with_tables(uint32_t crc, const uint8_t *bytes, size_t count) {
    crc = ~crc;
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word = load64(bytes) ^ crc;
        crc = slices[7][word & 0xff] ^ slices[6][word >> 8 & 0xff] ^ slices[5][word >> 16 & 0xff] ^
              slices[4][word >> 24 & 0xff] ^ slices[3][word >> 32 & 0xff] ^ slices[2][word >> 40 & 0xff] ^
              slices[1][word >> 48 & 0xff] ^ slices[0][word >> 56];
    }
    for (; count > 0; bytes++, count--) crc = crc >> 8 ^ slices[0][(crc ^ *bytes) & 0xff];
    return ~crc;
}

#if HAS_INSTRUCTIONS
// What `crc` becomes when as many zero bytes follow as the table stands for.
static inline uint32_t shifted(const uint32_t table[4][256], uint32_t crc) {
    return table[0][crc & 0xff] ^ table[1][crc >> 8 & 0xff] ^ table[2][crc >> 16 & 0xff] ^ table[3][crc >> 24];
}

INSTRUCTIONS static inline uint32_t three_streams(
    uint32_t crc, const uint8_t *bytes, size_t block, const uint32_t table[4][256]) {
    uint64_t first = crc, second = 0, third = 0;
    for (size_t at = 0; at < block; at += 8) {
        first = STEP64(first, load64(bytes + at));
        second = STEP64(second, load64(bytes + block + at));
        third = STEP64(third, load64(bytes + 2 * block + at));
    }
    crc = shifted(table, (uint32_t)first) ^ (uint32_t)second;
    return shifted(table, crc) ^ (uint32_t)third;
}

INSTRUCTIONS static uint32_t with_instructions(uint32_t crc, const uint8_t *bytes, size_t count) {
    const size_t long_block = (size_t)1 << LONG_BLOCK_LOG2, short_block = (size_t)1 << SHORT_BLOCK_LOG2;
    crc = ~crc;
    for (; count >= 3 * long_block; bytes += 3 * long_block, count -= 3 * long_block)
        crc = three_streams(crc, bytes, long_block, long_shift);
    for (; count >= 3 * short_block; bytes += 3 * short_block, count -= 3 * short_block)
        crc = three_streams(crc, bytes, short_block, short_shift);
    uint64_t wide = crc;
    for (; count >= 8; bytes += 8, count -= 8) wide = STEP64(wide, load64(bytes));
    crc = (uint32_t)wide;
    for (; count > 0; bytes++, count--) crc = STEP8(crc, *bytes);
    return ~crc;
}
#endif

static bool has_instructions(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("sse4.2");
#elif defined(__aarch64__) && defined(__APPLE__)
    return true;
#elif defined(__aarch64__)
    return (getauxval(AT_HWCAP) & 1 << 7) != 0; // HWCAP_CRC32
#else
    return false;
#endif
}

static void fill_slices(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
        slices[0][byte] = crc;
    }
    for (int slice = 1; slice < 8; slice++)
        for (int byte = 0; byte < 256; byte++) {
            uint32_t crc = slices[slice - 1][byte];
            slices[slice][byte] = crc >> 8 ^ slices[0][crc & 0xff];
        }
}

static uint32_t multiply(const uint32_t matrix[32], uint32_t vector) {
    uint32_t sum = 0;
    for (int column = 0; vector != 0; vector >>= 1, column++)
        if (vector & 1) sum ^= matrix[column];
    return sum;
}

// A zero byte changes a CRC linearly: a matrix over GF(2). Squaring it doubles the number of bytes it stands for.
static void fill_shift(uint32_t table[4][256], int log2_of_bytes) {
    uint32_t matrix[32];
    for (int column = 0; column < 32; column++) {
        uint32_t crc = (uint32_t)1 << column;
        matrix[column] = crc >> 8 ^ slices[0][crc & 0xff];
    }
    for (; log2_of_bytes > 0; log2_of_bytes--) {
        uint32_t square[32];
        for (int column = 0; column < 32; column++) square[column] = multiply(matrix, matrix[column]);
        memcpy(matrix, square, sizeof matrix);
    }
    for (int place = 0; place < 4; place++)
        for (uint32_t byte = 0; byte < 256; byte++) table[place][byte] = multiply(matrix, byte << 8 * place);
}

// The product of two polynomials modulo Castagnoli's. Bit 31 is x^0.
static uint32_t multiply_polynomials(uint32_t left, uint32_t right) {
    uint32_t product = 0;
    for (uint32_t bit = (uint32_t)1 << 31; bit != 0; bit >>= 1) {
        product ^= left & bit ? right : 0;
        right = right >> 1 ^ (right & 1 ? 0x82f63b78 : 0);
    }
    return product;
}

// `zeros[place][byte]` is x^(8 * byte * 256^place): multiplied with it, a CRC becomes what it is after as many zero bytes.
static uint32_t zeros[sizeof(size_t)][256];
static pthread_once_t zeros_once = PTHREAD_ONCE_INIT;

static void fill_zeros(void) {
    uint32_t step = (uint32_t)1 << 23; // x^8: one zero byte
    for (size_t place = 0; place < sizeof(size_t); place++) {
        zeros[place][0] = (uint32_t)1 << 31;
        for (int byte = 1; byte < 256; byte++) zeros[place][byte] = multiply_polynomials(zeros[place][byte - 1], step);
        step = multiply_polynomials(zeros[place][255], step);
    }
}

uint32_t edgebroker_crc32c_combine(uint32_t first, uint32_t second, size_t second_count) {
    pthread_once(&zeros_once, fill_zeros);
    for (size_t place = 0; second_count != 0; place++, second_count >>= 8)
        if ((second_count & 0xff) != 0) first = multiply_polynomials(zeros[place][second_count & 0xff], first);
    return first ^ second;
}

static void prepare(void) {
    fill_slices();
    fill_shift(long_shift, LONG_BLOCK_LOG2);
    fill_shift(short_shift, SHORT_BLOCK_LOG2);
    crc_function best = with_tables;
#if HAS_INSTRUCTIONS
    if (has_instructions()) best = with_instructions;
#endif
    // Release: who sees the function also sees the tables.
    atomic_store_explicit(&chosen, best, memory_order_release);
}

uint32_t edgebroker_crc32c(uint32_t crc, const void *bytes, size_t count) {
    crc_function function = atomic_load_explicit(&chosen, memory_order_acquire);
    if (function == NULL) {
        pthread_once(&once, prepare);
        function = atomic_load_explicit(&chosen, memory_order_acquire);
    }
    return function(crc, bytes, count);
}

bool edgebroker_crc32c_can_use(enum edgebroker_crc32c_implementation implementation) {
    return implementation == EDGEBROKER_CRC32C_TABLES ||
           (implementation == EDGEBROKER_CRC32C_INSTRUCTIONS && has_instructions());
}

uint32_t edgebroker_crc32c_using(
    enum edgebroker_crc32c_implementation implementation, uint32_t crc, const void *bytes, size_t count) {
    pthread_once(&once, prepare);
#if HAS_INSTRUCTIONS
    if (implementation == EDGEBROKER_CRC32C_INSTRUCTIONS) return with_instructions(crc, bytes, count);
#else
    (void)implementation;
#endif
    return with_tables(crc, bytes, count);
}
