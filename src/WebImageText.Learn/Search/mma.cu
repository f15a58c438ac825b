// What the search's kernels for compute capability 8.0 and later share: products of 128 queries with references, 256 rows at a
// time, of float16 with sums in float32. The queries stay in shared memory; rows of references go through it in slabs of 64 numbers
// (128 bytes a row), three of which are on their way at a time. It includes nothing.

// Behind a lambda's parameters: one that is called would have to keep in memory what stands in registers around it.
#define INLINED __attribute__((always_inline))

constexpr int Queries = 128, Columns = 256, BlockRows = 2048, Stages = 3, Line = 128, Units = 8;

struct __align__(16) Unit // eight numbers
{
    unsigned int pair[4];
};

// Where a unit lies in a slab: moved by its row, so that eight rows of one column lie in different banks.
__device__ __forceinline__ unsigned int place(int row, int unit) { return row * Line + ((unit ^ (row & 7)) << 4); }

__device__ __forceinline__ void copy(unsigned int to, const Unit *from, bool is_there)
{
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(from), "r"(is_there ? 16 : 0) : "memory");
}

__device__ __forceinline__ void commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }

__device__ __forceinline__ void fragments(unsigned int (&to)[4], unsigned int from)
{
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                 : "r"(from));
}

__device__ __forceinline__ void multiply(float (&sum)[4], const unsigned int (&a)[4], unsigned int b0, unsigned int b1)
{
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// Where in a tile a thread's sums lie: sums[i][j][k] is that of query row(i, k / 2) and reference column(j, k).
struct Place
{
    int lane, half, quarter; // of eight warps, two halves of the queries and four quarters of the references

    __device__ __forceinline__ Place() : lane(threadIdx.x & 31), half(threadIdx.x >> 7), quarter(threadIdx.x >> 5 & 3) {}

    __device__ __forceinline__ int row(int i, int k) const { return 64 * half + 16 * i + 8 * k + (lane >> 2); }

    __device__ __forceinline__ int column(int j, int k) const { return 64 * quarter + 8 * j + 2 * (lane & 3) + (k & 1); }
};

extern __shared__ __align__(128) unsigned char memory[];

// Calls use(tile, sums) for each tile of 256 references, in a block of 256 threads.
// query_at(row): where a query of the block lies; null for none. references: float16 [256 x tiles, 64 x slabs].
template <typename QueryAt, typename Use>
__device__ __forceinline__ void each_tile(QueryAt query_at, const Unit *references, int tiles, int slabs, Use use)
{
    constexpr unsigned int QuerySlab = Queries * Line, Stage = Columns * Line;
    const Place place_of;
    const int row = threadIdx.x >> 3, unit = threadIdx.x & 7, vectors = slabs * Units, steps = tiles * slabs;
    const unsigned int kept = static_cast<unsigned int>(__cvta_generic_to_shared(memory)), ring = kept + slabs * QuerySlab;

#pragma unroll
    for (int i = 0; i < Queries / 32; i++)
    {
        const Unit *query = query_at(row + 32 * i), *from = query != nullptr ? query : references;
        for (int slab = 0; slab < slabs; slab++)
            copy(kept + slab * QuerySlab + place(row + 32 * i, unit), from + slab * Units + unit, query != nullptr);
    }
    const Unit *next = references + static_cast<long long>(row) * vectors + unit;
    int next_slab = 0;
    const auto fetch = [&](int step) INLINED {
        const unsigned int to = ring + step % Stages * Stage + place(row, unit);
#pragma unroll
        for (int i = 0; i < Columns / 32; i++)
            copy(to + 32 * i * Line, next + 32ll * i * vectors + next_slab * Units, true);
        if (++next_slab == slabs)
            next_slab = 0, next += static_cast<long long>(Columns) * vectors;
    };
    for (int step = 0; step < Stages - 1; step++)
    {
        fetch(step);
        commit();
    }

    const int a_row = 64 * place_of.half + (place_of.lane & 15), a_unit = place_of.lane >> 4;
    const int b_row = 64 * place_of.quarter + (place_of.lane & 7) + (place_of.lane >> 4) * 8, b_unit = place_of.lane >> 3 & 1;
    float sums[4][8][4] = {};
    int slab = 0, tile = 0;
    for (int step = 0; step < steps; step++)
    {
        asm volatile("cp.async.wait_group %0;" ::"n"(Stages - 2) : "memory");
        __syncthreads();
        if (step + Stages - 1 < steps)
            fetch(step + Stages - 1);
        commit(); // an empty group keeps the count
        const unsigned int asked = kept + slab * QuerySlab, stage = ring + step % Stages * Stage;
#pragma unroll
        for (int k = 0; k < 4; k++)
        {
            unsigned int a[4][4], b[4][4];
#pragma unroll
            for (int i = 0; i < 4; i++)
            {
                fragments(a[i], asked + place(a_row + 16 * i, 2 * k + a_unit));
                fragments(b[i], stage + place(b_row + 16 * i, 2 * k + b_unit));
            }
#pragma unroll
            for (int i = 0; i < 4; i++)
#pragma unroll
                for (int j = 0; j < 8; j++)
                    multiply(sums[i][j], a[i], b[j / 2][j % 2 * 2], b[j / 2][j % 2 * 2 + 1]);
        }
        if (++slab < slabs)
            continue;
        slab = 0;
        use(tile++, sums);
#pragma unroll
        for (int i = 0; i < 4; i++)
#pragma unroll
            for (int j = 0; j < 8; j++)
                sums[i][j][0] = sums[i][j][1] = sums[i][j][2] = sums[i][j][3] = 0;
    }
}
