// bench/peers/load.hpp - the workloads that bench_engine writes: files of numbers, one behind the other.
#pragma once

#include <fstream>
#include <vector>

template <class T> inline std::vector<T> load(const char* path)
{
    std::ifstream f(path, std::ios::binary | std::ios::ate);
    std::vector<T> v(static_cast<size_t>(f.tellg()) / sizeof(T));
    f.seekg(0);
    f.read(reinterpret_cast<char*>(v.data()), static_cast<std::streamsize>(v.size() * sizeof(T)));
    return v;
}
