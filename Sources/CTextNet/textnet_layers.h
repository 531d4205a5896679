// Included once for each instruction set, with NAME(x), the places and sixteens of channels that a convolution works on at
// once (BLOCK, WIDE), how many quads it adds up before anything else (QUADS), and unless one place goes after the other
// then, what it does with fewer places (REST) and how few of them get twice the channels at once (FEW, FEWER). None of
// these is left defined.

#ifndef REST
#define REST(step, wide) step(1, wide)
#define FEW 0
#define FEWER(step, wide)
#endif

INLINE v16 NAME(load)(const float *p) { return *(const v16u *)p; }
INLINE void NAME(store)(float *p, v16 v) { *(v16u *)p = v; }
INLINE v16 NAME(relu)(v16 v) { return __builtin_elementwise_max(v, (v16)(0.0f)); }

/// The nearest whole numbers of -2^22...2^22, halves to the even one.
INLINE v16i NAME(rounded)(v16 v) {
    const v16 large = (v16)(12582912.0f);
    return (v16i)(v + large) - (v16i)large;
}

INLINE v16 NAME(clamped)(v16 v, float low, float high) {
    return __builtin_elementwise_min(__builtin_elementwise_max(v, (v16)(low)), (v16)(high));
}

/// Prepares the squares of a tile's pixels, whose sums hold no row yet.
static void NAME(begin_squares)(const struct picture *p, const struct tile *t, struct squares *s) {
    memset(s->sums, 0, (t->width + 2 * s->radius + 16) * sizeof(*s->sums));
    memset(s->shares, 0, (t->width + 16) * sizeof(*s->shares));
    for (size_t x = t->x, end = smaller(x + t->width, p->width); x < end; x++) {
        size_t left = x > s->radius ? x - s->radius : 0, right = smaller(x + s->radius + 1, p->width);
        s->shares[x - t->x] = 1.0f / (float)(right - left);
    }
    s->top = s->bottom = t->y > s->radius ? t->y - s->radius : 0;
}

INLINE v16w NAME(wide)(const uint16_t *p) { return __builtin_convertvector(*(const v16s *)p, v16w); }

/// Moves the sums on to the squares around the pixels of row `y`.
static void NAME(move_squares)(const struct picture *p, const struct tile *t, struct squares *s, size_t y) {
    size_t left = t->x > s->radius ? t->x - s->radius : 0;
    size_t columns = smaller(t->x + t->width + s->radius, p->width) - left;
    uint16_t *sums = s->sums + (left + s->radius - t->x);
    for (size_t end = smaller(y + s->radius + 1, p->height); s->bottom < end; s->bottom++) {
        const uint8_t *line = p->pixels + s->bottom * p->width + left;
        for (size_t x = 0; x < columns; x++) sums[x] += line[x];
    }
    for (; s->top + s->radius < y; s->top++) {
        const uint8_t *line = p->pixels + s->top * p->width + left;
        for (size_t x = 0; x < columns; x++) sums[x] -= line[x];
    }
    s->row_share = 1.0f / (float)(s->bottom - s->top);
    // Of two columns, of four, and so on.
    size_t end = t->width + 2 * s->radius;
    for (size_t x = 0; x < end; x += 16)
        *(v16w *)(s->many + x) = NAME(wide)(s->sums + x) + NAME(wide)(s->sums + x + 1);
    for (size_t n = 2; n < 2 * s->radius; n *= 2)
        for (size_t x = 0; x < end; x += 16) *(v16w *)(s->many + x) += *(const v16w *)(s->many + x + n);
}

/// How far 16 pixels are from the means of the squares around them.
INLINE v16 NAME(difference)(const struct squares *s, v16 pixels, size_t at) {
    v16i sum = (v16i)(*(const v16w *)(s->many + at) + NAME(wide)(s->sums + at + 2 * s->radius));
    return pixels - __builtin_convertvector(sum, v16) * (NAME(load)(s->shares + at) * s->row_share);
}

/// A feature of 16 pixels.
INLINE v16i NAME(steps)(v16 difference, float steps_of_level) {
    return NAME(rounded)(NAME(clamped)(difference * steps_of_level, -63, 63)) + middle;
}

/// The features of at most 16 pixels side by side, one byte each.
INLINE void NAME(features_of)(const struct tile *t, const uint8_t *line, uint8_t *out, size_t at, size_t count) {
    uint8_t some[16] = {0};
    memcpy(some, line + at, count);
    v16 pixels = __builtin_convertvector(*(const v16b *)some, v16);
    v16 far = NAME(difference)(&t->squares[0], pixels, at), near = NAME(difference)(&t->squares[1], pixels, at);
    v16i all = NAME(steps)(far, 0.5f) + (NAME(steps)(far, 4) << 8) + (NAME(steps)(near, 1) << 16)
        + (NAME(steps)(near, 4) << 24);
    memcpy(out + features * at, &all, features * count);
}

/// Each pixel's differences from the means of the squares around it, at two gains each.
static void NAME(features)(const struct picture *p, struct tile *t) {
    struct map *f = &t->features;
    begin(f, t, 1, features, middle);
    size_t columns = t->width / 8;
    size_t right = smaller(t->width, p->width - t->x), bottom = smaller(t->height, p->height - t->y);
    for (int i = 0; i < means; i++) NAME(begin_squares)(p, t, &t->squares[i]);
    for (size_t y = 0; y < t->height; y++) {
        const uint8_t *looked = t->looked + y / 8 * columns;
        uint8_t *out = place(f, 0, (ptrdiff_t)y);
        if (y >= bottom || !memchr(looked, 1, columns)) {
            memset(out, middle, f->width * features);
            continue;
        }
        const uint8_t *line = p->pixels + (t->y + y) * p->width + t->x;
        for (int i = 0; i < means; i++) NAME(move_squares)(p, t, &t->squares[i], t->y + y);
        for (size_t cell = 0, n; cell < columns; cell += n) {
            n = run_length(looked, cell, columns);
            size_t x = cell * 8, end = x + n * 8;
            if (looked[cell]) {
                for (end = smaller(end, right); x + 16 <= end; x += 16) NAME(features_of)(t, line, out, x, 16);
                if (x < end) NAME(features_of)(t, line, out, x, end - x);
            } else {
                memset(out + x * features, middle, (end - x) * features);
            }
        }
        memset(out + right * features, middle, (f->width - right) * features);
    }
}

/// What a convolution takes in for one place: `rows` x `columns` runs of `length` bytes, so far apart, of which it adds up
/// so many `quads` before anything else. Its outputs are `out_step` apart.
struct NAME(window) {
    size_t rows, columns, length, quads;
    ptrdiff_t row_step, column_step, place_step;
    size_t out_step;
};

/// 16 outputs of one place from their sums: activations, added to what is there where it is a residual.
INLINE void NAME(finish)(
    v16i sums, const float *scale, const float *bias, const uint8_t *added, uint8_t *out) {
    v16 value = __builtin_elementwise_fma(__builtin_convertvector(sums, v16), NAME(load)(scale), NAME(load)(bias));
    v16i steps = NAME(rounded)(NAME(clamped)(value, 0, greatest));
    if (added) steps += __builtin_convertvector(*(const v16b *)added, v16i);
    *(v16b *)out = __builtin_convertvector(__builtin_elementwise_min(steps, (v16i)(greatest)), v16b);
}

/// `wide` sixteens of channels of `n` places in a row: activations at `out`, or plain numbers at `plain`.
INLINE void NAME(block)(
    const uint8_t *in, struct NAME(window) w, struct convolution of, const uint8_t *added, uint8_t *out, float *plain,
    const size_t n, const size_t wide) {
    v16i sums[BLOCK][2 * WIDE];
    const int8_t *weights = of.weights;
#pragma clang loop unroll(full)
    for (size_t k = 0; k < n; k++)
#pragma clang loop unroll(full)
        for (size_t i = 0; i < wide; i++) sums[k][i] = (v16i)(0);
    for (size_t r = 0; r < w.rows; r++) {
        for (size_t c = 0; c < w.columns; c++) {
            const uint8_t *p = in + (ptrdiff_t)r * w.row_step + (ptrdiff_t)c * w.column_step;
            for (size_t end = w.length / 4; end > 0; end -= w.quads) {
#pragma clang loop unroll(full)
                for (size_t k = 0; k < n; k++)
#pragma clang loop unroll(full)
                    for (size_t i = 0; i < wide; i++)
                        sums[k][i] = NAME(sums)(
                            sums[k][i], p + (ptrdiff_t)k * w.place_step, weights + i * of.sixteen, w.quads);
                p += 4 * w.quads, weights += 64 * w.quads;
            }
        }
    }
#pragma clang loop unroll(full)
    for (size_t k = 0; k < n; k++) {
#pragma clang loop unroll(full)
        for (size_t i = 0; i < wide; i++) {
            size_t at = k * w.out_step + 16 * i;
            const float *scale = of.scale + 16 * i, *bias = of.bias + 16 * i;
            if (plain) {
                v16 value = __builtin_convertvector(sums[k][i], v16);
                NAME(store)(plain + at, __builtin_elementwise_fma(value, NAME(load)(scale), NAME(load)(bias)));
            } else {
                NAME(finish)(sums[k][i], scale, bias, added ? added + at : NULL, out + at);
            }
        }
    }
}

/// `count` places in a row, all channels.
INLINE void NAME(places)(
    const uint8_t *in, struct NAME(window) w, struct convolution c, size_t outputs, const uint8_t *added, uint8_t *out,
    float *plain, size_t count) {
#define STEP(n, wide) \
    for (; i + (n) <= count; i += (n)) { \
        size_t at = i * w.out_step + o; \
        NAME(block)( \
            in + (ptrdiff_t)i * w.place_step, w, of, \
            added ? added + at : NULL, plain ? NULL : out + at, plain ? plain + at : NULL, (n), (wide)); \
    }
    // Few places fill the processor with twice as many channels only.
    const int is_wide = FEW > 0 && outputs % (32 * WIDE) == 0 && count <= FEW;
    for (size_t o = 0; o < outputs; o += 16 * WIDE * (is_wide ? 2 : 1)) {
        struct convolution of = {c.weights + o / 16 * c.sixteen, c.scale + o, c.bias + o, c.sixteen};
        size_t i = 0;
        if (is_wide) {
            FEWER(STEP, 2 * WIDE)
        } else {
            STEP(BLOCK, WIDE)
            REST(STEP, WIDE)
        }
    }
#undef STEP
}

/// 3 x 3 with ReLU, at the marked cells; zero elsewhere. With a residual, what comes in is added afterwards.
INLINE void NAME(convolve)(
    const struct tile *t, const uint8_t *cells, struct convolution c, const struct map *in, struct map *out,
    size_t divisor, size_t inputs, size_t outputs, size_t stride, size_t dilation, int residual) {
    begin(out, t, divisor, outputs, 0);
    size_t cell = 8 / divisor, columns = t->width / 8;
    ptrdiff_t line = (ptrdiff_t)((in->width + 4) * inputs), step = (ptrdiff_t)inputs;
    ptrdiff_t apart = (ptrdiff_t)dilation;
    struct NAME(window) w = {3, 3, inputs, QUADS, apart * line, apart * step, (ptrdiff_t)stride * step, outputs};
    if (dilation == 1) w.columns = 1, w.length = 3 * inputs;  // they lie side by side
    for (size_t y = 0; y < out->height; y++) {
        const uint8_t *marks = cells + y / cell * columns;
        for (size_t x = 0, n; x < columns; x += n) {
            n = run_length(marks, x, columns);
            uint8_t *to = place(out, (ptrdiff_t)(x * cell), (ptrdiff_t)y);
            if (!marks[x]) {
                memset(to, 0, n * cell * outputs);
                continue;
            }
            const uint8_t *from = place(in, (ptrdiff_t)(x * cell * stride) - apart, (ptrdiff_t)(y * stride) - apart);
            const uint8_t *added = residual ? place(in, (ptrdiff_t)(x * cell), (ptrdiff_t)y) : NULL;
            NAME(places)(from, w, c, outputs, added, to, NULL, n * cell);
        }
    }
}

/// One of a chain of blocks at an eighth, each adding to what comes in.
INLINE void NAME(residual)(
    const struct tile *t, const uint8_t *cells, struct convolution c, const struct map *in, struct map *out,
    size_t channels, int dilation) {
    if (dilation == 1) NAME(convolve)(t, cells, c, in, out, 8, channels, channels, 1, 1, 1);
    else NAME(convolve)(t, cells, c, in, out, 8, channels, channels, 1, 2, 1);
}

/// 6 x 6, every fourth pixel.
static void NAME(stem)(const struct network *net, struct tile *t) {
    struct map *out = &t->stem;
    begin(out, t, 4, fine, 0);
    size_t columns = t->width / 8;
    struct NAME(window) w = {
        6, 1, 6 * features, 1, (ptrdiff_t)((t->features.width + 4) * features), 0, 4 * features, fine
    };
    for (size_t y = 0; y < out->height; y++) {
        const uint8_t *marks = t->looked + y / 2 * columns;
        for (size_t x = 0, n; x < columns; x += n) {
            n = run_length(marks, x, columns);
            uint8_t *to = place(out, (ptrdiff_t)(2 * x), (ptrdiff_t)y);
            if (!marks[x]) {
                memset(to, 0, n * 2 * fine);
                continue;
            }
            const uint8_t *from = place(&t->features, (ptrdiff_t)(8 * x) - 1, (ptrdiff_t)(4 * y) - 1);
            NAME(places)(from, w, net->stem, fine, NULL, to, NULL, 2 * n);
        }
    }
}

/// The weighted sum of 32 channels.
INLINE float NAME(weighed)(v16 low, v16 high, struct head head) {
    v16 sum = __builtin_elementwise_fma(high, NAME(load)(head.weights + 16), low * NAME(load)(head.weights));
    float lanes[16];
    NAME(store)(lanes, sum);
    for (int width = 8; width > 0; width /= 2)
        for (int i = 0; i < width; i++) lanes[i] += lanes[i + width];
    return lanes[0] + head.bias;
}

/// Marks the cells that the gate lets pass. Returns whether there is any.
static int NAME(open_gate)(const struct network *net, const struct picture *p, struct tile *t) {
    struct map *from = &t->gate[0], *to = &t->gate[1];
    NAME(convolve)(t, t->looked, net->gate_down, &t->stem, from, 8, fine, gated, 2, 1, 0);
    for (int i = 0; i < gate_blocks; i++) {
        NAME(residual)(t, t->looked, net->gate[i], from, to, gated, gate_dilations[i]);
        swap(&from, &to);
    }
    size_t columns = t->width / 8, rows = t->height / 8;
    uint8_t *seeds = to->data;  // not needed any more
    for (size_t y = 0; y < rows; y++) {
        for (size_t x = 0; x < columns; x++) {
            if (!(seeds[y * columns + x] = t->looked[y * columns + x])) continue;
            const uint8_t *at = place(from, (ptrdiff_t)x, (ptrdiff_t)y);
            v16 low = __builtin_convertvector(*(const v16b *)at, v16);
            v16 high = __builtin_convertvector(*(const v16b *)(at + 16), v16);
            seeds[y * columns + x] = NAME(weighed)(low, high, net->gate_head) > p->gate;
        }
    }
    int any = widen(seeds, t->passed, t->passed + columns * rows, columns, rows, reach);
    if (!any) return 0;
    for (size_t i = 0; i < columns * rows; i++) t->passed[i] &= t->looked[i];
    return 1;
}

/// What the stem found where the gate is shut is forgotten.
static void NAME(forget)(struct tile *t) {
    size_t columns = t->width / 8;
    for (size_t y = 0; y < t->stem.height; y++) {
        const uint8_t *marks = t->passed + y / 2 * columns;
        for (size_t x = 0, n; x < columns; x += n) {
            n = run_length(marks, x, columns);
            if (!marks[x]) memset(place(&t->stem, (ptrdiff_t)(2 * x), (ptrdiff_t)y), 0, n * 2 * fine);
        }
    }
}

/// Adds to the stem what two layers make of the pixels by way of half the resolution, where the gate lets pass.
static void NAME(add_detail)(const struct network *net, struct tile *t) {
    size_t columns = t->width / 8, line = (t->width / 2 + 1) * fine;
    struct NAME(window) first = {
        3, 1, 3 * features, 1, (ptrdiff_t)((t->features.width + 4) * features), 0, 2 * features, fine
    };
    struct NAME(window) second = {3, 1, 3 * fine, QUADS, (ptrdiff_t)line, 0, 2 * fine, fine};
    for (size_t y = 0; y < t->height / 8; y++) {
        const uint8_t *marks = t->passed + y * columns;
        for (size_t x = 0, n; x < columns; x += n) {
            n = run_length(marks, x, columns);
            if (!marks[x]) continue;
            // A cell's two places stand on five rows, whose first is the row above the cell.
            for (size_t r = 0; r < half_rows; r++) {
                uint8_t *row = t->half + r * line;
                // Beyond the picture's edges there is nothing, not what its pixels would give there.
                if (y + r == 0) {
                    memset(row, 0, (4 * n + 1) * fine);
                    continue;
                }
                ptrdiff_t top = (ptrdiff_t)(8 * y + 2 * r) - 3;
                const uint8_t *from = place(&t->features, (ptrdiff_t)(8 * x) - 1, top);
                if (x > 0) NAME(places)(from - 2 * features, first, net->detail[0], fine, NULL, row, NULL, 1);
                else memset(row, 0, fine);
                NAME(places)(from, first, net->detail[0], fine, NULL, row + fine, NULL, 4 * n);
            }
            for (size_t i = 0; i < 2; i++) {
                uint8_t *to = place(&t->stem, (ptrdiff_t)(2 * x), (ptrdiff_t)(2 * y + i));
                NAME(places)(t->half + 2 * i * line, second, net->detail[1], fine, to, to, NULL, 2 * n);
            }
        }
    }
}

static void NAME(answer)(
    const struct network *net, const struct picture *p, struct tile *t, const struct map *quarter,
    const struct map *eighth, struct inner inner) {
    size_t columns = t->width / 8, end = (inner.right - t->x) / 8;
    struct NAME(window) broad = {1, 1, coarse, QUADS, 0, 0, coarse, 4 * last}, sharp = {1, 1, fine, QUADS, 0, 0, fine, last};
    for (size_t y = (inner.top - t->y) / 8; y < (inner.bottom - t->y) / 8; y++) {
        const uint8_t *marks = t->passed + y * columns;
        for (size_t x = (inner.left - t->x) / 8, n; x < end; x += n) {
            n = run_length(marks, x, end);
            if (!marks[x]) continue;
            const uint8_t *wide = place(eighth, (ptrdiff_t)x, (ptrdiff_t)y);
            NAME(places)(wide, broad, net->lateral, 4 * last, NULL, NULL, t->broad, n);
            for (size_t half = 0; half < 2; half++) {
                const uint8_t *near = place(quarter, (ptrdiff_t)(2 * x), (ptrdiff_t)(2 * y + half));
                NAME(places)(near, sharp, net->sharp, last, NULL, NULL, t->sharp, 2 * n);
                float *to = p->logits + (t->y / 4 + 2 * y + half) * p->columns * 2 + t->x / 4 + 2 * x;
                for (size_t i = 0; i < 2 * n; i++) {
                    const float *a = t->sharp + i * last, *b = t->broad + (i / 2 * 4 + half * 2 + i % 2) * last;
                    v16 low = NAME(relu)(NAME(load)(a) + NAME(load)(b));
                    v16 high = NAME(relu)(NAME(load)(a + 16) + NAME(load)(b + 16));
                    to[i] = NAME(weighed)(low, high, net->head);
                }
            }
        }
    }
}

static void NAME(run_tile)(const struct network *net, const struct picture *p, struct tile *t, struct inner inner) {
    size_t columns = t->width / 8, rows = t->height / 8;
    int any = 0;
    for (size_t r = 0; r < rows; r++) {
        memcpy(t->looked + r * columns, p->active + (t->y / 8 + r) * p->columns + t->x / 8, columns);
        any |= memchr(t->looked + r * columns, 1, columns) != NULL;
    }
    if (!any) return;
    NAME(features)(p, t);
    NAME(stem)(net, t);
    if (!NAME(open_gate)(net, p, t)) return;
    NAME(forget)(t);
    NAME(add_detail)(net, t);
    struct map *quarter = &t->stem, *next = &t->fine, *eighth = &t->context[0], *after = &t->context[1];
    for (int i = 0; i < fine_blocks; i++) {
        if (is_empty(net->fine[i], fine)) continue;
        NAME(convolve)(t, t->passed, net->fine[i], quarter, next, 4, fine, fine, 1, 1, 1);
        swap(&quarter, &next);
    }
    NAME(convolve)(t, t->passed, net->down, quarter, eighth, 8, fine, coarse, 2, 1, 0);
    for (int i = 0; i < blocks; i++) {
        NAME(residual)(t, t->passed, net->context[i], eighth, after, coarse, dilations[i]);
        swap(&eighth, &after);
    }
    NAME(answer)(net, p, t, quarter, eighth, inner);
}

#undef NAME
#undef BLOCK
#undef WIDE
#undef QUADS
#undef REST
#undef FEW
#undef FEWER
