// The best row of one block of 2,048 references for every query, each query with a block of its own; of equals the first.

struct Group // queries of one block
{
    int block, first, count; // count of them, at most 128, from first on in their order
};

// queries: float16 [any, 64 x slabs]; order: int64, which of them; references: float16 [2,048 x blocks, 64 x slabs];
// winners: int64 [any], rows of the references. The grid: groups.
extern "C" __global__ void __launch_bounds__(256) winners_mma(
    const Unit *queries, const long long *order, const Group *groups, const Unit *references, int slabs, long long *winners)
{
    const Place place_of;
    const Group group = groups[blockIdx.x];
    const long long vectors = slabs * Units;
    float most[4][2];
    int at[4][2];
#pragma unroll
    for (int i = 0; i < 4; i++)
#pragma unroll
        for (int k = 0; k < 2; k++)
            most[i][k] = __int_as_float(0xff800000), at[i][k] = 0;
    const auto query_at = [&](int row) INLINED { return row < group.count ? queries + order[group.first + row] * vectors : nullptr; };
    each_tile(query_at, references + group.block * BlockRows * vectors, BlockRows / Columns, slabs, [&](int tile, const float (&sums)[4][8][4]) INLINED {
#pragma unroll
        for (int i = 0; i < 4; i++)
#pragma unroll
            for (int j = 0; j < 8; j++)
#pragma unroll
                for (int k = 0; k < 4; k++)
                    if (sums[i][j][k] > most[i][k / 2])
                        most[i][k / 2] = sums[i][j][k], at[i][k / 2] = tile * Columns + place_of.column(j, k);
    });

    // Four lanes and four warps have a query's candidates; nobody reads the queries any more.
    float *const held = reinterpret_cast<float *>(memory);
    int *const held_at = reinterpret_cast<int *>(memory + 4 * Queries * sizeof(float));
    __syncthreads();
#pragma unroll
    for (int i = 0; i < 4; i++)
#pragma unroll
        for (int k = 0; k < 2; k++)
        {
#pragma unroll
            for (int step = 1; step < 4; step *= 2)
            {
                const float other = __shfl_xor_sync(0xffffffffu, most[i][k], step);
                const int other_at = __shfl_xor_sync(0xffffffffu, at[i][k], step);
                if (other > most[i][k] || (other == most[i][k] && other_at < at[i][k]))
                    most[i][k] = other, at[i][k] = other_at;
            }
            if ((place_of.lane & 3) == 0)
            {
                held[place_of.quarter * Queries + place_of.row(i, k)] = most[i][k];
                held_at[place_of.quarter * Queries + place_of.row(i, k)] = at[i][k];
            }
        }
    __syncthreads();
    const int row = threadIdx.x;
    if (row >= group.count)
        return;
    float value = held[row];
    int winner = held_at[row];
#pragma unroll
    for (int quarter = 1; quarter < 4; quarter++)
    {
        const float other = held[quarter * Queries + row];
        const int other_at = held_at[quarter * Queries + row];
        if (other > value || (other == value && other_at < winner))
            value = other, winner = other_at;
    }
    winners[order[group.first + row]] = static_cast<long long>(group.block) * BlockRows + winner;
}
