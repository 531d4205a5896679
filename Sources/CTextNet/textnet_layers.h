// Included once for each instruction set, with NAME(x) and BLOCK (places a convolution works on at once).

INLINE v16 NAME(load)(const float *p) { return *(const v16u *)p; }
INLINE void NAME(store)(float *p, v16 v) { *(v16u *)p = v; }
INLINE v16 NAME(relu)(v16 v) { return __builtin_elementwise_max(v, (v16)(0.0f)); }

/// Each pixel's difference from the mean of the square around it, at two gains.
static void NAME(features)(const struct picture *p, struct tile *t) {
    struct map *f = &t->features;
    begin(f, t, 1, 2);
    size_t right = smaller(t->x + t->width, p->width), bottom = smaller(t->y + t->height, p->height);
    size_t left_edge = t->x > radius ? t->x - radius : 0, right_edge = smaller(right + radius, p->width);
    size_t columns = right_edge - left_edge, width = right - t->x;
    uint32_t *sums = t->sums, *before = t->before;
    memset(sums, 0, columns * sizeof(uint32_t));
    for (size_t i = 0; i < width; i++) {
        size_t x = t->x + i, a = x > radius ? x - radius : 0, b = smaller(x + radius + 1, p->width);
        t->shares[i] = 1.0f / (float)(b - a);
    }
    size_t top = t->y > radius ? t->y - radius : 0, under = top;
    for (size_t y = t->y; y < t->y + t->height; y++) {
        float *out = place(f, 0, (ptrdiff_t)(y - t->y));
        memset(out, 0, f->width * 2 * sizeof(float));
        if (y >= bottom) continue;
        size_t from = y > radius ? y - radius : 0, to = smaller(y + radius + 1, p->height);
        for (; under < to; under++) {
            const uint8_t *line = p->pixels + under * p->width + left_edge;
            for (size_t x = 0; x < columns; x++) sums[x] += line[x];
        }
        for (; top < from; top++) {
            const uint8_t *line = p->pixels + top * p->width + left_edge;
            for (size_t x = 0; x < columns; x++) sums[x] -= line[x];
        }
        const uint8_t *looked = t->looked + (y - t->y) / 8 * (t->width / 8);
        if (!memchr(looked, 1, t->width / 8)) continue;
        before[0] = 0;
        for (size_t x = 0; x < columns; x++) before[x + 1] = before[x] + sums[x];
        float row = 1.0f / (float)(to - from);
        const uint8_t *line = p->pixels + y * p->width + t->x;
        for (size_t cell = 0, n; cell < t->width / 8; cell += n) {
            n = run_length(looked, cell, t->width / 8);
            if (!looked[cell]) continue;
            size_t end = smaller((cell + n) * 8, width);
            for (size_t i = cell * 8; i < end; i++) {
                size_t x = t->x + i, a = x > radius ? x - radius : 0, b = smaller(x + radius + 1, p->width);
                float sum = (float)(int32_t)(before[b - left_edge] - before[a - left_edge]);
                float difference = __builtin_fmaf(-sum, t->shares[i] * row, (float)line[i]);
                float weak = difference * (1.0f / 8), strong = difference * (1.0f / 64);
                strong = strong > 2 ? 2 : strong, weak = weak > 2 ? 2 : weak;
                out[2 * i] = strong < -2 ? -2 : strong;
                out[2 * i + 1] = weak < -2 ? -2 : weak;
            }
        }
    }
}

/// What a convolution takes in for one place: `rows` x `columns` runs of `length` floats, so far apart.
struct NAME(window) {
    size_t rows, columns, length;
    ptrdiff_t row_step, column_step, place_step;
};

/// 32 of `outputs` channels of `n` places in a row.
INLINE void NAME(block)(
    const float *in, struct NAME(window) w, const float *weights, const float *bias, size_t outputs, int rectify,
    const float *added, float *out, const size_t n) {
    v16 low[BLOCK], high[BLOCK];
#pragma clang loop unroll(full)
    for (size_t k = 0; k < n; k++) low[k] = NAME(load)(bias), high[k] = NAME(load)(bias + 16);
    for (size_t r = 0; r < w.rows; r++) {
        for (size_t c = 0; c < w.columns; c++) {
            const float *p = in + (ptrdiff_t)r * w.row_step + (ptrdiff_t)c * w.column_step;
            for (size_t i = 0; i < w.length; i++, weights += outputs) {
                v16 a = NAME(load)(weights), b = NAME(load)(weights + 16);
#pragma clang loop unroll(full)
                for (size_t k = 0; k < n; k++) {
                    v16 s = (v16)(p[(ptrdiff_t)k * w.place_step + (ptrdiff_t)i]);
                    low[k] = __builtin_elementwise_fma(s, a, low[k]);
                    high[k] = __builtin_elementwise_fma(s, b, high[k]);
                }
            }
        }
    }
#pragma clang loop unroll(full)
    for (size_t k = 0; k < n; k++) {
        v16 a = low[k], b = high[k];
        if (rectify) a = NAME(relu)(a), b = NAME(relu)(b);
        if (added) a += NAME(load)(added + k * outputs), b += NAME(load)(added + k * outputs + 16);
        NAME(store)(out + k * outputs, a);
        NAME(store)(out + k * outputs + 16, b);
    }
}

/// `count` places in a row, all channels.
INLINE void NAME(places)(
    const float *in, struct NAME(window) w, struct convolution c, size_t outputs, int rectify, const float *added,
    float *out, size_t count) {
    for (size_t o = 0; o < outputs; o += 32) {
        size_t i = 0;
#define STEP(n) \
    for (; (n) > 0 && i + (n) <= count; i += (n)) \
        NAME(block)( \
            in + (ptrdiff_t)i * w.place_step, w, c.weights + o, c.bias + o, outputs, rectify, \
            added ? added + i * outputs + o : NULL, out + i * outputs + o, (n))
        STEP(BLOCK);
        STEP(BLOCK / 2);
        STEP(BLOCK / 4);
        STEP(1);
#undef STEP
    }
}

/// 3 x 3 with ReLU, at the marked cells; zero elsewhere. With a residual, what comes in is added afterwards.
INLINE void NAME(convolve)(
    const struct tile *t, const uint8_t *cells, struct convolution c, const struct map *in, struct map *out,
    size_t divisor, size_t inputs, size_t outputs, size_t stride, size_t dilation, int residual) {
    begin(out, t, divisor, outputs);
    size_t cell = 8 / divisor, columns = t->width / 8;
    ptrdiff_t line = (ptrdiff_t)((in->width + 4) * inputs), step = (ptrdiff_t)inputs, apart = (ptrdiff_t)dilation;
    struct NAME(window) w = {3, 3, inputs, apart * line, apart * step, (ptrdiff_t)stride * step};
    if (dilation == 1) w.columns = 1, w.length = 3 * inputs;  // they lie side by side
    for (size_t y = 0; y < out->height; y++) {
        const uint8_t *marks = cells + y / cell * columns;
        for (size_t x = 0, n; x < columns; x += n) {
            n = run_length(marks, x, columns);
            float *to = place(out, (ptrdiff_t)(x * cell), (ptrdiff_t)y);
            if (!marks[x]) {
                memset(to, 0, n * cell * outputs * sizeof(float));
                continue;
            }
            const float *from = place(in, (ptrdiff_t)(x * cell * stride) - apart, (ptrdiff_t)(y * stride) - apart);
            const float *added = residual ? place(in, (ptrdiff_t)(x * cell), (ptrdiff_t)y) : NULL;
            NAME(places)(from, w, c, outputs, 1, added, to, n * cell);
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
    begin(out, t, 4, fine);
    size_t columns = t->width / 8;
    struct NAME(window) w = {6, 1, 12, (ptrdiff_t)((t->features.width + 4) * 2), 0, 8};
    for (size_t y = 0; y < out->height; y++) {
        const uint8_t *marks = t->looked + y / 2 * columns;
        for (size_t x = 0, n; x < columns; x += n) {
            n = run_length(marks, x, columns);
            float *to = place(out, (ptrdiff_t)(2 * x), (ptrdiff_t)y);
            if (!marks[x]) {
                memset(to, 0, n * 2 * fine * sizeof(float));
                continue;
            }
            const float *from = place(&t->features, (ptrdiff_t)(8 * x) - 1, (ptrdiff_t)(4 * y) - 1);
            NAME(places)(from, w, net->stem, fine, 1, NULL, to, 2 * n);
        }
    }
}

/// The weighted sum of 32 channels.
INLINE float NAME(dot)(v16 low, v16 high, struct convolution head) {
    v16 sum = __builtin_elementwise_fma(high, NAME(load)(head.weights + 16), low * NAME(load)(head.weights));
    float lanes[16];
    NAME(store)(lanes, sum);
    for (int width = 8; width > 0; width /= 2)
        for (int i = 0; i < width; i++) lanes[i] += lanes[i + width];
    return lanes[0] + head.bias[0];
}

/// Marks the cells that the gate lets pass. Returns whether there is any.
static int NAME(open_gate)(const struct network *net, const struct picture *p, struct tile *t) {
    struct map *from = &t->gate[0], *to = &t->gate[1];
    NAME(convolve)(t, t->looked, net->gate_down, &t->stem, from, 8, fine, gated, 2, 1, 0);
    for (int i = 0; i < gate_blocks; i++) {
        NAME(residual)(t, t->looked, net->gate[i], from, to, gated, gate_dilations[i]);
        struct map *swap = from;
        from = to, to = swap;
    }
    size_t columns = t->width / 8, rows = t->height / 8;
    uint8_t *seeds = (uint8_t *)to->data;  // not needed any more
    for (size_t y = 0; y < rows; y++) {
        for (size_t x = 0; x < columns; x++) {
            const float *at = place(from, (ptrdiff_t)x, (ptrdiff_t)y);
            seeds[y * columns + x] = t->looked[y * columns + x]
                && NAME(dot)(NAME(load)(at), NAME(load)(at + 16), net->gate_head) > p->gate;
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
            if (!marks[x]) memset(place(&t->stem, (ptrdiff_t)(2 * x), (ptrdiff_t)y), 0, n * 2 * fine * sizeof(float));
        }
    }
}

/// Adds to the stem what two layers make of the pixels by way of half the resolution, where the gate lets pass.
static void NAME(add_detail)(const struct network *net, struct tile *t) {
    size_t columns = t->width / 8, line = (t->width / 2 + 1) * fine;
    struct NAME(window) first = {3, 1, 6, (ptrdiff_t)((t->features.width + 4) * 2), 0, 4};
    struct NAME(window) second = {3, 1, 3 * fine, (ptrdiff_t)line, 0, 2 * fine};
    for (size_t y = 0; y < t->stem.height; y++) {
        const uint8_t *marks = t->passed + y / 2 * columns;
        for (size_t x = 0, n; x < columns; x += n) {
            n = run_length(marks, x, columns);
            if (!marks[x]) continue;
            for (size_t r = 0; r < 3; r++) {
                float *row = t->half + r * line;
                // Beyond the picture's edges there is nothing, not what its pixels would give there.
                if (y + r == 0) {
                    memset(row, 0, (4 * n + 1) * fine * sizeof(float));
                    continue;
                }
                const float *from = place(&t->features, (ptrdiff_t)(8 * x) - 1, (ptrdiff_t)(2 * (2 * y + r)) - 3);
                if (x > 0) NAME(places)(from - 4, first, net->detail[0], fine, 1, NULL, row, 1);
                else memset(row, 0, fine * sizeof(float));
                NAME(places)(from, first, net->detail[0], fine, 1, NULL, row + fine, 4 * n);
            }
            float *to = place(&t->stem, (ptrdiff_t)(2 * x), (ptrdiff_t)y);
            NAME(places)(t->half, second, net->detail[1], fine, 1, to, to, 2 * n);
        }
    }
}

static void NAME(answer)(
    const struct network *net, const struct picture *p, struct tile *t, const struct map *context, struct inner inner) {
    size_t columns = t->width / 8;
    struct NAME(window) w = {1, 1, coarse, 0, 0, coarse};
    for (size_t y = (inner.top - t->y) / 8; y < (inner.bottom - t->y) / 8; y++) {
        const uint8_t *marks = t->passed + y * columns;
        size_t end = (inner.right - t->x) / 8;
        for (size_t x = (inner.left - t->x) / 8, n; x < end; x += n) {
            n = run_length(marks, x, end);
            if (!marks[x]) continue;
            NAME(places)(place(context, (ptrdiff_t)x, (ptrdiff_t)y), w, net->lateral, 4 * fine, 0, NULL, t->row, n);
            for (size_t i = 0; i < 4 * n; i++) {
                size_t column = 2 * (x + i / 4) + i % 2, row = 2 * y + i / 2 % 2;
                const float *sharp = place(&t->fine, (ptrdiff_t)column, (ptrdiff_t)row), *broad = t->row + i * fine;
                v16 low = NAME(relu)(NAME(load)(sharp) + NAME(load)(broad));
                v16 high = NAME(relu)(NAME(load)(sharp + 16) + NAME(load)(broad + 16));
                p->logits[(t->y / 4 + row) * p->columns * 2 + t->x / 4 + column] = NAME(dot)(low, high, net->head);
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
    NAME(convolve)(t, t->passed, net->fine, &t->stem, &t->fine, 4, fine, fine, 1, 1, 1);
    struct map *from = &t->context[0], *to = &t->context[1];
    NAME(convolve)(t, t->passed, net->down, &t->fine, from, 8, fine, coarse, 2, 1, 0);
    for (int i = 0; i < blocks; i++) {
        NAME(residual)(t, t->passed, net->context[i], from, to, coarse, dilations[i]);
        struct map *swap = from;
        from = to, to = swap;
    }
    NAME(answer)(net, p, t, from, inner);
}
