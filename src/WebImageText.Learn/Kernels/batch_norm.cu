// Batch norm over the rows of a matrix, and a rectifier: y = relu(norm(x)), relu(norm(x) + r) or relu(norm(x) + norm'(z)).
// statistics: float32 [4, channels] = mean, 1 / deviation, scale, shift, with norm(x) = scale * x + shift.

enum Form
{
    Alone,
    Added,
    Both
};

__device__ __forceinline__ const float *row_of(const float *statistics, int row, int vectors) { return statistics + row * 8ll * vectors; }

// Sums of x and of its square, both about the first row, which is left where the mean will be.
template <typename T>
__device__ __forceinline__ void norm_sums(const Eight *x, long long rows, int vectors, float *statistics, float *partials)
{
    const int vector = own_vector();
    float sums[2][8] = {};
    if (vector < vectors)
    {
        float pivot[8];
        widen<T>(x[vector], pivot);
        if (blockIdx.x == 0 && threadIdx.y == 0)
#pragma unroll
            for (int k = 0; k < 8; k++)
                statistics[8 * vector + k] = pivot[k];
        const Eight *const from[] = {x};
        each_row<4>(from, rows, vectors, vector, [&](long long, const Eight (&held)[1]) INLINED {
            float value[8];
            widen<T>(held[0], value);
#pragma unroll
            for (int k = 0; k < 8; k++)
            {
                const float off = value[k] - pivot[k];
                sums[0][k] += off;
                sums[1][k] = fmaf(off, off, sums[1][k]);
            }
        });
    }
    write_partials<2>(sums, partials, vectors);
}

// One channel for each threadIdx.x. The running variance is that of a sample: divided by rows - 1.
extern "C" __global__ void __launch_bounds__(1024) batch_norm_statistics(
    const float *partials, int blocks, int channels, long long rows, const float *weight, const float *bias, float *running_mean,
    float *running_variance, long long *tracked, float momentum, float epsilon, float *statistics)
{
    const int channel = blockIdx.x * 32 + threadIdx.x;
    const bool is_there = channel < channels;
    const double first = column_sum(partials + channel, blocks, 2ll * channels, is_there) / rows;
    const double second = column_sum(partials + channels + channel, blocks, 2ll * channels, is_there) / rows;
    if (threadIdx.y != 0 || !is_there)
        return;
    const double mean = statistics[channel] + first, spread = second - first * first, variance = spread > 0 ? spread : 0;
    const float inverse = static_cast<float>(1 / sqrt(variance + epsilon)), scale = weight[channel] * inverse;
    statistics[channel] = static_cast<float>(mean);
    statistics[channels + channel] = inverse;
    statistics[2 * channels + channel] = scale;
    statistics[3 * channels + channel] = static_cast<float>(bias[channel] - mean * scale);
    running_mean[channel] += momentum * (static_cast<float>(mean) - running_mean[channel]);
    running_variance[channel] += momentum * (static_cast<float>(variance * (rows / (rows - 1.0))) - running_variance[channel]);
    if (channel == 0 && tracked)
        *tracked += 1;
}

template <typename T, int F>
__device__ __forceinline__ void norm_apply(
    const Eight *x, const Eight *other, long long rows, int vectors, const float *statistics, const float *of_other, Eight *y)
{
    const int vector = own_vector();
    if (vector >= vectors)
        return;
    float scale[8], shift[8], scale2[8], shift2[8];
    read(row_of(statistics, 2, vectors), vector, scale);
    read(row_of(statistics, 3, vectors), vector, shift);
    if (F == Both)
    {
        read(row_of(of_other, 2, vectors), vector, scale2);
        read(row_of(of_other, 3, vectors), vector, shift2);
    }
    const Eight *const from[] = {x, F == Alone ? x : other};
    each_row<4>(from, rows, vectors, vector, [&](long long place, const Eight (&held)[2]) INLINED {
        float value[8], more[8];
        widen<T>(held[0], value);
        widen<T>(held[1], more);
#pragma unroll
        for (int k = 0; k < 8; k++)
        {
            value[k] = fmaf(scale[k], value[k], shift[k]);
            if (F == Added)
                value[k] += more[k];
            if (F == Both)
                value[k] += fmaf(scale2[k], more[k], shift2[k]);
            value[k] = value[k] < 0 ? 0 : value[k]; // what is no number stays so
        }
        y[place] = narrow<T>(value);
    });
}

// The gradient before the rectifier, g, written unless x stands alone; its sum, and those of g * (x - mean) and g * (z - mean').
template <typename T, int F>
__device__ __forceinline__ void norm_back_sums(
    const Eight *x, const Eight *other, const Eight *dy, long long rows, int vectors, const float *statistics, const float *of_other,
    Eight *g, float *partials)
{
    const int vector = own_vector();
    float sums[F == Both ? 3 : 2][8] = {};
    if (vector < vectors)
    {
        float mean[8], scale[8], shift[8], mean2[8], scale2[8], shift2[8];
        read(statistics, vector, mean);
        read(row_of(statistics, 2, vectors), vector, scale);
        read(row_of(statistics, 3, vectors), vector, shift);
        if (F == Both)
        {
            read(of_other, vector, mean2);
            read(row_of(of_other, 2, vectors), vector, scale2);
            read(row_of(of_other, 3, vectors), vector, shift2);
        }
        const Eight *const from[] = {x, dy, F == Alone ? x : other};
        each_row<2>(from, rows, vectors, vector, [&](long long place, const Eight (&held)[3]) INLINED {
            float value[8], up[8], more[8];
            widen<T>(held[0], value);
            widen<T>(held[1], up);
            widen<T>(held[2], more);
#pragma unroll
            for (int k = 0; k < 8; k++)
            {
                float before = fmaf(scale[k], value[k], shift[k]);
                if (F == Added)
                    before += more[k];
                if (F == Both)
                    before += fmaf(scale2[k], more[k], shift2[k]);
                up[k] = before <= 0 ? 0 : up[k];
                sums[0][k] += up[k];
                sums[1][k] = fmaf(up[k], value[k] - mean[k], sums[1][k]);
                if (F == Both)
                    sums[F == Both ? 2 : 0][k] = fmaf(up[k], more[k] - mean2[k], sums[F == Both ? 2 : 0][k]);
            }
            if (F != Alone)
                g[place] = narrow<T>(up);
        });
    }
    write_partials(sums, partials, vectors);
}

// Gradients of weight and bias, and what a row's gradient takes of x: dx = scale * g + slopes[0] * x + slopes[1].
// partials: float32 [blocks, sums, channels], of which the first and that numbered which count.
extern "C" __global__ void __launch_bounds__(1024) batch_norm_slopes(
    const float *partials, int blocks, int sums, int which, int channels, long long rows, const float *statistics, float *weight,
    float *bias, float *slopes)
{
    const int channel = blockIdx.x * 32 + threadIdx.x;
    const bool is_there = channel < channels;
    const long long stride = static_cast<long long>(sums) * channels;
    const double plain = column_sum(partials + channel, blocks, stride, is_there);
    const double moved = column_sum(partials + static_cast<long long>(which) * channels + channel, blocks, stride, is_there);
    if (threadIdx.y != 0 || !is_there)
        return;
    const double mean = statistics[channel], inverse = statistics[channels + channel], scale = statistics[2 * channels + channel];
    const double slope = -scale * inverse * inverse * moved / rows;
    weight[channel] = static_cast<float>(moved * inverse);
    bias[channel] = static_cast<float>(plain);
    slopes[channel] = static_cast<float>(slope);
    slopes[channels + channel] = static_cast<float>(-scale * plain / rows - slope * mean);
}

// g: dy itself where x stands alone, whose rectifier is then gone through again.
template <typename T, int F>
__device__ __forceinline__ void norm_back(
    const Eight *x, const Eight *other, const Eight *g, long long rows, int vectors, const float *statistics, const float *of_other,
    const float *slopes, const float *slopes_of_other, Eight *dx, Eight *dz)
{
    const int vector = own_vector();
    if (vector >= vectors)
        return;
    float scale[8], shift[8], slope[8], start[8], scale2[8], slope2[8], start2[8];
    read(row_of(statistics, 2, vectors), vector, scale);
    read(slopes, vector, slope);
    read(row_of(slopes, 1, vectors), vector, start);
    if (F == Alone)
        read(row_of(statistics, 3, vectors), vector, shift);
    if (F == Both)
    {
        read(row_of(of_other, 2, vectors), vector, scale2);
        read(slopes_of_other, vector, slope2);
        read(row_of(slopes_of_other, 1, vectors), vector, start2);
    }
    const Eight *const from[] = {x, g, F == Both ? other : x};
    each_row<2>(from, rows, vectors, vector, [&](long long place, const Eight (&held)[3]) INLINED {
        float value[8], up[8], more[8];
        widen<T>(held[0], value);
        widen<T>(held[1], up);
        widen<T>(held[2], more);
#pragma unroll
        for (int k = 0; k < 8; k++)
        {
            if (F == Alone)
                up[k] = fmaf(scale[k], value[k], shift[k]) <= 0 ? 0 : up[k];
            value[k] = fmaf(scale[k], up[k], fmaf(slope[k], value[k], start[k]));
            if (F == Both)
                more[k] = fmaf(scale2[k], up[k], fmaf(slope2[k], more[k], start2[k]));
        }
        dx[place] = narrow<T>(value);
        if (F == Both)
            dz[place] = narrow<T>(more);
    });
}

#define BATCH_NORM_FORM(TYPE, T, FORM, F) \
    extern "C" __global__ void __launch_bounds__(256) batch_norm_##FORM##_##TYPE( \
        const Eight *x, const Eight *other, long long rows, int vectors, const float *statistics, const float *of_other, Eight *y) \
    { \
        norm_apply<T, F>(x, other, rows, vectors, statistics, of_other, y); \
    } \
    extern "C" __global__ void __launch_bounds__(256) batch_norm_##FORM##_back_sums_##TYPE( \
        const Eight *x, const Eight *other, const Eight *dy, long long rows, int vectors, const float *statistics, \
        const float *of_other, Eight *g, float *partials) \
    { \
        norm_back_sums<T, F>(x, other, dy, rows, vectors, statistics, of_other, g, partials); \
    } \
    extern "C" __global__ void __launch_bounds__(256) batch_norm_##FORM##_back_##TYPE( \
        const Eight *x, const Eight *other, const Eight *g, long long rows, int vectors, const float *statistics, \
        const float *of_other, const float *slopes, const float *slopes_of_other, Eight *dx, Eight *dz) \
    { \
        norm_back<T, F>(x, other, g, rows, vectors, statistics, of_other, slopes, slopes_of_other, dx, dz); \
    }

#define BATCH_NORM(TYPE, T) \
    extern "C" __global__ void __launch_bounds__(256) batch_norm_sums_##TYPE( \
        const Eight *x, long long rows, int vectors, float *statistics, float *partials) \
    { \
        norm_sums<T>(x, rows, vectors, statistics, partials); \
    } \
    BATCH_NORM_FORM(TYPE, T, alone, Alone) \
    BATCH_NORM_FORM(TYPE, T, added, Added) \
    BATCH_NORM_FORM(TYPE, T, both, Both)

BATCH_NORM(bf16, BFloat16)
BATCH_NORM(fp16, Float16)
