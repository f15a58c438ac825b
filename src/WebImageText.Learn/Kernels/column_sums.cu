// Adds up what the blocks of a walk over rows left for each column: partials float32 [blocks, sums, columns], the sums of
// blockIdx.y into the tensor of that number, in its type. A null tensor is left out.
template <typename T>
__device__ __forceinline__ void column_sums(
    const float *partials, int blocks, int sums, int columns, unsigned short *first, unsigned short *second, unsigned short *third)
{
    const int column = blockIdx.x * 32 + threadIdx.x, which = blockIdx.y;
    unsigned short *to = which == 0 ? first : which == 1 ? second : third;
    const bool is_there = column < columns && to;
    const double sum = column_sum(partials + static_cast<long long>(which) * columns + column, blocks, static_cast<long long>(sums) * columns, is_there);
    if (threadIdx.y == 0 && is_there)
        to[column] = static_cast<unsigned short>(T::pack(static_cast<float>(sum), 0));
}

#define COLUMN_SUMS(TYPE, T) \
    extern "C" __global__ void __launch_bounds__(1024) column_sums_##TYPE( \
        const float *partials, int blocks, int sums, int columns, unsigned short *first, unsigned short *second, unsigned short *third) \
    { \
        column_sums<T>(partials, blocks, sums, columns, first, second, third); \
    }

COLUMN_SUMS(bf16, BFloat16)
COLUMN_SUMS(fp16, Float16)
